using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>The engine's own text embedding as a generator: no download, no network, microseconds per text.</summary>
/// <remarks>Safe to use from any thread. A text without a known term has the zero vector.</remarks>
public sealed class TextEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ModelId = "tfidf-svd";

    private readonly TextEmbedding _embedding;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>A generator over a fitted embedding.</summary>
    public TextEmbeddingGenerator(TextEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        _embedding = embedding;
        _metadata = new EmbeddingGeneratorMetadata("palate", null, ModelId, embedding.Dimensions);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options ask for another number of dimensions.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } asked && asked != _embedding.Dimensions)
        {
            throw new ArgumentException(
                $"The embedding was fitted with {_embedding.Dimensions} dimensions and cannot give {asked}; fit it anew.",
                nameof(options));
        }

        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (string value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            embeddings.Add(new Embedding<float>(_embedding.Embed(value)) { ModelId = ModelId });
        }

        return Task.FromResult(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(TextEmbedding) ? _embedding
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose()
    {
    }
}
