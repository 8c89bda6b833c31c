using System.Numerics.Tensors;

namespace Palate;

/// <summary>Finds the items whose vectors point the way of the user's history and query.</summary>
/// <remarks>
/// The user's vector is the weighted mean of the history's item vectors, mixed with the query's embedding when there is
/// a query; a score is its inner product with an item's vector, which is the cosine when the vectors have length 1.
/// The search is exact unless it is told otherwise. Immutable, safe to use from any thread. With neither history nor
/// query it proposes nothing.
/// </remarks>
public sealed class Semantic : ICandidateSource
{
    // Up to here a float scan costs few milliseconds; above, its memory traffic is worth a second, 8-bit copy.
    private const int QuantizeAbove = 250_000;
    private const double SecondsPerDay = 86_400;

    private readonly TextEmbedding? _embedding;
    private readonly SemanticOptions _options;
    private readonly QuantizedScan? _quantized;

    /// <summary>A source over ready vectors.</summary>
    /// <param name="vectors">One per item of the catalog.</param>
    /// <param name="embedding">Embeds queries into the same space; null when queries are not to count.</param>
    /// <param name="options">Null for the defaults.</param>
    public Semantic(ItemVectors vectors, TextEmbedding? embedding = null, SemanticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (embedding is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(embedding.Dimensions, vectors.Dimensions);
        }

        _options = options ?? new SemanticOptions();
        _options.Validate();
        _embedding = embedding;
        Vectors = vectors;
        _quantized = vectors.Count > QuantizeAbove ? new QuantizedScan(vectors) : null;
    }

    /// <summary>Neighbours of texts as a kind of source; its vectors stand in the file of the texts.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "semantic",
        SourceRole.HistoryAndQuery,
        all => all.Semantic,
        (fit, own) => fit.Texts is { } texts ? new Semantic(texts.Vectors, texts.Embedding, own) : null,
        (_, all, texts) => texts is not null
            ? new Semantic(texts.Vectors, texts.Embedding, all.Semantic ?? new SemanticOptions())
            : throw new InvalidDataException("there is no source 'semantic' without texts"),
        (_, _) => { });

    /// <inheritdoc/>
    public string Name => "semantic";

    /// <summary>The items' vectors.</summary>
    public ItemVectors Vectors { get; }

    /// <inheritdoc/>
    public int Propose(RetrievalContext context, Span<ScoredItem> destination)
    {
        float[] wanted = new float[Vectors.Dimensions];
        if (!TryRead(context, wanted))
        {
            return 0;
        }

        return _quantized?.Select(wanted, context.Filter, destination)
            ?? VectorScan.Select(wanted, Vectors, context.Filter, destination);
    }

    /// <inheritdoc/>
    public void Score(RetrievalContext context, ReadOnlySpan<int> items, Span<float> scores)
    {
        float[] wanted = new float[Vectors.Dimensions];
        if (!TryRead(context, wanted))
        {
            scores[..items.Length].Clear();
            return;
        }

        for (int place = 0; place < items.Length; place++)
        {
            scores[place] = VectorScan.Dot(wanted, Vectors[items[place]]);
        }
    }

    /// <summary>Writes the vector that stands for a request's history and query, of length 1.</summary>
    /// <returns>Whether there is anything to go by; when not, the vector is zero.</returns>
    public bool TryRead(RetrievalContext context, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNotEqual(context.Filter.Count, Vectors.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Vectors.Dimensions);
        bool hasHistory = TryReadHistory(context.Profile, vector);
        if (_embedding is null || string.IsNullOrWhiteSpace(context.Query))
        {
            return hasHistory;
        }

        Span<float> query = new float[vector.Length];
        if (!_embedding.Embed(context.Query, query))
        {
            return hasHistory;
        }

        if (!hasHistory)
        {
            query.CopyTo(vector);
            return true;
        }

        float share = (float)_options.QueryShare;
        TensorPrimitives.Multiply(vector, 1 - share, vector);
        TensorPrimitives.MultiplyAdd(query, share, vector, vector);
        return ItemVectors.Normalise(vector);
    }

    // vector = sum over the history of w_i v_i, scaled to length 1
    private bool TryReadHistory(Profile profile, Span<float> vector)
    {
        vector.Clear();
        ReadOnlySpan<float> values = profile.Values;
        ReadOnlySpan<long> times = profile.Times;
        if (values.IsEmpty)
        {
            return false;
        }

        float mean = _options.CentreValues ? TensorPrimitives.Sum(values) / values.Length : 0;
        bool allEqual = _options.CentreValues && !values.ContainsAnyExcept(values[0]);
        long newest = TensorPrimitives.Max(times);
        for (int place = 0; place < values.Length; place++)
        {
            double weight = allEqual ? 1 : values[place] - mean;
            if (_options.HalfLifeDays > 0)
            {
                weight *= Math.Pow(0.5, (newest - times[place]) / SecondsPerDay / _options.HalfLifeDays);
            }

            TensorPrimitives.MultiplyAdd(Vectors[profile.Items[place]], (float)weight, vector, vector);
        }

        return ItemVectors.Normalise(vector);
    }
}
