using System.Numerics.Tensors;

namespace Palate;

/// <summary>Embeddings of texts that need no download: TF-IDF weights, reduced to their leading singular vectors.</summary>
/// <remarks>
/// Latent semantic analysis (Deerwester et al. 1990): a text's weights are w = (1 + ln tf) idf with
/// idf = ln((1 + N) / (1 + n)) + 1, its embedding is w V with the right singular vectors V of all texts' unit weight
/// vectors, scaled to length 1. A text without a known term has the zero vector. Immutable, safe from any thread.
/// </remarks>
public sealed class TextEmbedding
{
    private const int Oversampling = 10;

    private readonly Vocabulary _terms;
    private readonly float[] _idf;

    // [terms, dimensions]
    private readonly float[] _directions;

    private TextEmbedding(int dimensions, Vocabulary terms, float[] idf, float[] directions)
    {
        Dimensions = dimensions;
        _terms = terms;
        _idf = idf;
        _directions = directions;
    }

    /// <summary>The length of an embedding.</summary>
    public int Dimensions { get; }

    /// <summary>How many terms have a weight.</summary>
    public int TermCount => _terms.Count;

    /// <summary>Learns the embedding from the catalog's titles, texts and attribute values.</summary>
    public static TextEmbedding Fit(
        Catalog catalog, TextEmbeddingOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Fit([.. catalog.Items.Select(TextOf)], options, stop);
    }

    /// <summary>Learns the embedding from texts.</summary>
    /// <param name="texts">The texts; few or empty ones are no error, they only teach less.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="stop">Stops the fit.</param>
    public static TextEmbedding Fit(
        IReadOnlyList<string> texts, TextEmbeddingOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TextEmbeddingOptions();
        options.Validate();

        var all = new Vocabulary();
        var textsOfTerm = new List<int>();
        int[] offsets = new int[texts.Count + 1];
        var cells = new List<(int Term, int Count)>();
        var counts = new Dictionary<int, int>();
        for (int text = 0; text < texts.Count; text++)
        {
            stop.ThrowIfCancellationRequested();
            Count(texts[text], all, grow: true, counts);
            foreach ((int term, int count) in counts)
            {
                cells.Add((term, count));
                if (term >= textsOfTerm.Count)
                {
                    textsOfTerm.AddRange(Enumerable.Repeat(0, term + 1 - textsOfTerm.Count));
                }

                textsOfTerm[term]++;
            }

            offsets[text + 1] = cells.Count;
        }

        // Which terms count, renumbered from the most frequent to the rarest.
        double limit = options.MaxShare * texts.Count;
        int[] kept = [.. Enumerable.Range(0, all.Count)
            .Where(term => textsOfTerm[term] >= options.MinTexts && textsOfTerm[term] <= limit)
            .OrderByDescending(term => textsOfTerm[term])
            .ThenBy(term => term)
            .Take(options.MaxTerms)];
        var terms = new Vocabulary();
        int[] renumbered = new int[all.Count];
        renumbered.AsSpan().Fill(-1);
        float[] idf = new float[kept.Length];
        for (int term = 0; term < kept.Length; term++)
        {
            terms.Add(all[kept[term]]);
            renumbered[kept[term]] = term;
            idf[term] = (float)(Math.Log((1.0 + texts.Count) / (1.0 + textsOfTerm[kept[term]])) + 1);
        }

        SparseRows weights = Weigh(offsets, cells, renumbered, idf);
        (float[] directions, _) = RandomizedSvd.RightVectors(
            weights, options.Dimensions, Oversampling, options.Iterations, options.Seed, stop);
        return new TextEmbedding(options.Dimensions, terms, idf, directions);
    }

    /// <summary>The embedding of one text, of length 1, or zero when it holds no known term.</summary>
    public float[] Embed(string text)
    {
        float[] vector = new float[Dimensions];
        Embed(text, vector);
        return vector;
    }

    /// <summary>Writes the embedding of one text.</summary>
    /// <param name="text">Any text; a very long one is read up to its first million characters.</param>
    /// <param name="destination">Receives <see cref="Dimensions"/> numbers.</param>
    /// <returns>Whether the text holds a known term; when not, the embedding is zero.</returns>
    public bool Embed(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Dimensions);
        destination.Clear();
        var counts = new Dictionary<int, int>();
        Count(text, _terms, grow: false, counts);
        foreach ((int term, int count) in counts)
        {
            ReadOnlySpan<float> direction = _directions.AsSpan(term * Dimensions, Dimensions);
            TensorPrimitives.MultiplyAdd(direction, Weight(count, _idf[term]), destination, destination);
        }

        return ItemVectors.Normalise(destination);
    }

    /// <summary>The embeddings of many texts, in their order.</summary>
    public ItemVectors EmbedAll(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        float[] data = new float[texts.Count * Dimensions];
        Parallel.For(0, texts.Count, text => Embed(texts[text], data.AsSpan(text * Dimensions, Dimensions)));
        return new ItemVectors(Dimensions, data);
    }

    /// <summary>The embeddings of a catalog's items, from the same parts of an item as the fit.</summary>
    public ItemVectors EmbedAll(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return EmbedAll([.. catalog.Items.Select(TextOf)]);
    }

    /// <summary>Writes the embedding to a generation's file.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Dimensions);
        _terms.Save(writer);
        writer.WriteArray<float>(_idf);
        writer.WriteArray<float>(_directions);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static TextEmbedding Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            int dimensions = reader.ReadInt32();
            Vocabulary terms = Vocabulary.Load(reader);
            float[] idf = reader.ReadArray<float>();
            float[] directions = reader.ReadArray<float>();
            bool fits = dimensions > 0 && idf.Length == terms.Count
                && directions.Length == (long)dimensions * terms.Count
                && TensorPrimitives.IsFiniteAll<float>(idf) && TensorPrimitives.IsFiniteAll<float>(directions);
            return fits
                ? new TextEmbedding(dimensions, terms, idf, directions)
                : throw new InvalidDataException("The file of the text embedding is damaged: its parts do not fit.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The file of the text embedding is damaged: it ends early.", e);
        }
    }

    private static string TextOf(Item item)
    {
        IEnumerable<string> values = item.Attributes
            .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
            .SelectMany(attribute => attribute.Value)
            .Where(value => !float.TryParse(value, out _));
        return string.Join('\n', [item.Title, .. values, item.Text]);
    }

    private static void Count(string text, Vocabulary terms, bool grow, Dictionary<int, int> counts)
    {
        counts.Clear();
        foreach (ReadOnlySpan<char> term in new Tokenizer(text, stackalloc char[Tokenizer.MaxTermLength]))
        {
            int number = grow ? terms.Add(term) : terms.IndexOf(term);
            if (number >= 0)
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, number, out _)++;
            }
        }
    }

    private static SparseRows Weigh(int[] offsets, List<(int Term, int Count)> cells, int[] renumbered, float[] idf)
    {
        int[] rows = new int[offsets.Length];
        var indices = new List<int>(cells.Count);
        var values = new List<float>(cells.Count);
        for (int text = 0; text + 1 < offsets.Length; text++)
        {
            double square = 0;
            for (int cell = offsets[text]; cell < offsets[text + 1]; cell++)
            {
                int term = renumbered[cells[cell].Term];
                if (term >= 0)
                {
                    float weight = Weight(cells[cell].Count, idf[term]);
                    indices.Add(term);
                    values.Add(weight);
                    square += (double)weight * weight;
                }
            }

            rows[text + 1] = values.Count;
            float scale = square > 0 ? (float)(1 / Math.Sqrt(square)) : 0;
            for (int cell = rows[text]; cell < values.Count; cell++)
            {
                values[cell] *= scale;
            }
        }

        return new SparseRows(idf.Length, rows, [.. indices], [.. values]);
    }

    private static float Weight(int count, float idf) => (1 + MathF.Log(count)) * idf;
}
