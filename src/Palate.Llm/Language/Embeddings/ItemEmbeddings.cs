using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Turns the texts of a catalog into the vectors of the semantic source, by any embedding generator.</summary>
public static class ItemEmbeddings
{
    /// <summary>Embeds texts, scaled to length 1.</summary>
    /// <param name="generator">Gives one vector per text, in order.</param>
    /// <param name="texts">One per item, in item order.</param>
    /// <param name="stop">Stops between calls.</param>
    /// <returns>The vectors, and the usage that the generator reported or null.</returns>
    /// <exception cref="EmbeddingException">The generator gave too few vectors or of different lengths.</exception>
    public static async Task<(ItemVectors Vectors, UsageDetails? Usage)> EmbedAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator,
        IReadOnlyList<string> texts,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(texts);
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts, cancellationToken: stop);
        int dimensions = embeddings.Count > 0 ? embeddings[0].Vector.Length : 1;
        if (embeddings.Count != texts.Count || embeddings.Any(embedding => embedding.Vector.Length != dimensions))
        {
            throw new EmbeddingException(
                $"{texts.Count} texts gave {embeddings.Count} vectors, or vectors of different lengths; "
                + "check the embedding generator.");
        }

        float[] data = new float[texts.Count * dimensions];
        for (int text = 0; text < texts.Count; text++)
        {
            Span<float> vector = data.AsSpan(text * dimensions, dimensions);
            embeddings[text].Vector.Span.CopyTo(vector);
            ItemVectors.Normalise(vector);
        }

        return (new ItemVectors(dimensions, data), embeddings.Usage);
    }
}
