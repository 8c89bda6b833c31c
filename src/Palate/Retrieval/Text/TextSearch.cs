using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Finds the items whose title and text match the request's query, by BM25 over an inverted index.</summary>
/// <remarks>
/// BM25F (Zaragoza et al. 2004; Robertson and Zaragoza 2009, 3.6): a term's counts in the fields are pooled as
/// tf = sum of w_f tf_f / (1 - b + b len_f / avglen_f), and its part of the score is idf tf (k1 + 1) / (k1 + tf) with
/// idf = ln(1 + (N - n + 0.5) / (n + 0.5)). All of that is computed at the fit; a query adds up ready weights.
/// Immutable, safe to use from any thread. Without a query, or when no term matches, it proposes nothing.
/// </remarks>
public sealed class TextSearch : ICandidateSource
{
    /// <summary>How many different terms of a query count; the rest of a longer one is ignored.</summary>
    public const int MaxQueryTerms = 64;

    private readonly Action<RetrievalContext, Span<float>> _fill;
    private readonly Vocabulary _terms;

    // The items that hold term t, ascending, and its part of their scores: [_offsets[t] .. _offsets[t + 1]].
    private readonly int[] _offsets;
    private readonly int[] _items;
    private readonly float[] _weights;
    private readonly int _count;

    private TextSearch(int count, Vocabulary terms, int[] offsets, int[] items, float[] weights)
    {
        _count = count;
        _terms = terms;
        _offsets = offsets;
        _items = items;
        _weights = weights;
        _fill = (context, scores) => AddUp(context.Query, scores);
    }

    /// <summary>The search for words as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "text",
        SourceRole.Words,
        all => all.Text,
        (fit, own) => fit.UseTexts ? Fit(fit.Data.Catalog, own, fit.Stop) : null,
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public string Name => "text";

    /// <summary>Builds the index of a catalog.</summary>
    public static TextSearch Fit(Catalog catalog, TextSearchOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= new TextSearchOptions();
        options.Validate();

        // Postings in item order first: which term, and how often in either field.
        var terms = new Vocabulary();
        var postings = new List<Posting>();
        (int Title, int Text)[] lengths = new (int, int)[catalog.Count];
        var counts = new Dictionary<int, (int Title, int Text)>();
        Span<char> buffer = stackalloc char[Tokenizer.MaxTermLength];
        for (int item = 0; item < catalog.Count; item++)
        {
            stop.ThrowIfCancellationRequested();
            counts.Clear();
            int title = 0;
            int text = 0;
            foreach (ReadOnlySpan<char> term in new Tokenizer(catalog.Items[item].Title, buffer))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, terms.Add(term), out _).Title++;
                title++;
            }

            foreach (ReadOnlySpan<char> term in new Tokenizer(catalog.Items[item].Text, buffer))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, terms.Add(term), out _).Text++;
                text++;
            }

            lengths[item] = (title, text);
            foreach ((int term, (int inTitle, int inText)) in counts)
            {
                postings.Add(new Posting(term, item, inTitle, inText));
            }
        }

        return Invert(catalog.Count, terms, postings, lengths, options);
    }

    /// <inheritdoc/>
    public int Propose(RetrievalContext context, Span<ScoredItem> destination)
    {
        if (!CanScore(context))
        {
            return 0;
        }

        int count = TopK.Select(context.Dense(this, _fill), context.Filter, destination);
        while (count > 0 && destination[count - 1].Score <= 0)
        {
            // Every weight is positive, so an item without score matches no term.
            count--;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Score(RetrievalContext context, ReadOnlySpan<int> items, Span<float> scores)
    {
        if (!CanScore(context))
        {
            scores[..items.Length].Clear();
            return;
        }

        ReadOnlySpan<float> all = context.Dense(this, _fill);
        for (int place = 0; place < items.Length; place++)
        {
            scores[place] = all[items[place]];
        }
    }

    /// <summary>Writes the index to a generation's file.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_count);
        _terms.Save(writer);
        writer.WriteArray<int>(_offsets);
        writer.WriteArray<int>(_items);
        writer.WriteArray<float>(_weights);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static TextSearch Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            int count = reader.ReadInt32();
            Vocabulary terms = Vocabulary.Load(reader);
            int[] offsets = reader.ReadArray<int>();
            int[] items = reader.ReadArray<int>();
            float[] weights = reader.ReadArray<float>();
            bool fits = offsets.Length == terms.Count + 1 && offsets[0] == 0 && offsets[^1] == items.Length
                && weights.Length == items.Length && !items.AsSpan().ContainsAnyExceptInRange(0, count - 1);
            for (int term = 0; fits && term < terms.Count; term++)
            {
                fits = offsets[term] <= offsets[term + 1];
            }

            foreach (float weight in weights)
            {
                fits &= weight >= 0 && float.IsFinite(weight);
            }

            return fits
                ? new TextSearch(count, terms, offsets, items, weights)
                : throw new InvalidDataException("The file of the text index is damaged: its parts do not fit.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The file of the text index is damaged: it ends early.", e);
        }
    }

    private static TextSearch Invert(
        int count, Vocabulary terms, List<Posting> postings, (int Title, int Text)[] lengths, TextSearchOptions options)
    {
        int[] offsets = new int[terms.Count + 1];
        foreach (Posting posting in postings)
        {
            offsets[posting.Term + 1]++;
        }

        double[] idf = new double[terms.Count];
        for (int term = 0; term < terms.Count; term++)
        {
            int n = offsets[term + 1];
            idf[term] = Math.Log(1 + (count - n + 0.5) / (n + 0.5));
            offsets[term + 1] += offsets[term];
        }

        double averageTitle = Math.Max(1, lengths.Select(length => (double)length.Title).DefaultIfEmpty().Average());
        double averageText = Math.Max(1, lengths.Select(length => (double)length.Text).DefaultIfEmpty().Average());
        double k1 = options.Saturation;
        double b = options.LengthPenalty;
        int[] next = offsets.AsSpan(0, terms.Count).ToArray();
        int[] items = new int[postings.Count];
        float[] weights = new float[postings.Count];
        foreach (Posting posting in postings)
        {
            (int title, int text) = lengths[posting.Item];
            double tf = options.TitleWeight * posting.InTitle / (1 - b + b * title / averageTitle)
                + options.TextWeight * posting.InText / (1 - b + b * text / averageText);
            int place = next[posting.Term]++;
            items[place] = posting.Item;
            weights[place] = tf > 0 ? (float)(idf[posting.Term] * tf * (k1 + 1) / (k1 + tf)) : 0;
        }

        return new TextSearch(count, terms, offsets, items, weights);
    }

    private bool CanScore(RetrievalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNotEqual(context.Filter.Count, _count);
        return !string.IsNullOrWhiteSpace(context.Query);
    }

    // scores[i] = sum over the query's terms t of (times t is in the query) * weight(t, i)
    private void AddUp(string? query, Span<float> scores)
    {
        var asked = new Dictionary<int, int>();
        foreach (ReadOnlySpan<char> term in new Tokenizer(query, stackalloc char[Tokenizer.MaxTermLength]))
        {
            int number = _terms.IndexOf(term);
            if (number >= 0 && (asked.Count < MaxQueryTerms || asked.ContainsKey(number)))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(asked, number, out _)++;
            }
        }

        foreach ((int term, int times) in asked)
        {
            for (int place = _offsets[term]; place < _offsets[term + 1]; place++)
            {
                scores[_items[place]] += times * _weights[place];
            }
        }
    }

    private readonly record struct Posting(int Term, int Item, int InTitle, int InText);
}
