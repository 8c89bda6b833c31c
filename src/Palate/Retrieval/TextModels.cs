namespace Palate;

/// <summary>What is learned from the catalog's texts alone, once per training: the embedding and its item vectors.</summary>
/// <param name="Embedding">Turns a text into a vector.</param>
/// <param name="Vectors">The vectors of the items.</param>
internal sealed record TextModels(TextEmbedding Embedding, ItemVectors Vectors)
{
    /// <summary>Learns from the texts, or returns null when the catalog has none worth reading.</summary>
    public static TextModels? Fit(Catalog catalog, SourceOptions options, ulong seed, CancellationToken stop)
    {
        TextEmbeddingOptions own = options.Embedding;
        if (catalog.Items.Count(item => item.Title.Length + item.Text.Length > 0) < 2 * own.MinTexts)
        {
            return null;
        }

        var embedding = TextEmbedding.Fit(catalog, own with { Seed = seed }, stop);
        return embedding.TermCount == 0 ? null : new TextModels(embedding, embedding.EmbedAll(catalog));
    }
}
