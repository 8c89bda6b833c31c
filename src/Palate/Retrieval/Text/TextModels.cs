namespace Palate;

/// <summary>What is learned from the catalog's texts alone, once per training.</summary>
/// <param name="Embedding">Turns a text into a vector.</param>
/// <param name="Vectors">The vectors of the items.</param>
/// <param name="Clusters">The semantic clusters of the items.</param>
internal sealed record TextModels(TextEmbedding Embedding, ItemVectors Vectors, KMeans Clusters)
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
        if (embedding.TermCount == 0)
        {
            return null;
        }

        ItemVectors vectors = embedding.EmbedAll(catalog);
        return new TextModels(
            embedding, vectors, KMeans.Fit(vectors, new KMeansOptions { Clusters = own.Clusters, Seed = seed }, stop));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static TextModels Load(BinaryReader reader) =>
        new(TextEmbedding.Load(reader), ItemVectors.Load(reader), KMeans.Load(reader));

    /// <summary>Writes the models to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        Embedding.Save(writer);
        Vectors.Save(writer);
        Clusters.Save(writer);
    }
}
