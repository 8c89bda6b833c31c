using System.Runtime.CompilerServices;

namespace Palate;

/// <summary>What a small model can see of a candidate against the request: the student's input.</summary>
/// <remarks>
/// Overlaps of words and attributes between query, history and candidate, and the base score. The texts are split once,
/// when this is built: at most <see cref="MaxTerms"/> different words of an item. Immutable, safe on any thread.
/// </remarks>
public sealed class CrossFeatures
{
    /// <summary>How many different words of an item are kept.</summary>
    public const int MaxTerms = 256;

    private static readonly ConditionalWeakTable<Generation, Task<CrossFeatures>> Made = [];

    private readonly AttributeColumn[] _columns;
    private readonly Vocabulary _vocabulary = new();
    private readonly int[][] _titles;
    private readonly int[][] _texts;

    // the words of each value: [column][code]
    private readonly int[][][] _values;
    private readonly float[] _idf;

    /// <summary>Splits the texts of a catalog.</summary>
    public CrossFeatures(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);

        // Numbers say little by being equal.
        _columns = [.. catalog.AttributeNames
            .Select(name => catalog.Attribute(name)!)
            .Where(own => own.Numbers is null)];
        _titles = new int[catalog.Count][];
        _texts = new int[catalog.Count][];
        for (int item = 0; item < catalog.Count; item++)
        {
            var terms = new HashSet<int>();
            Split(catalog.Items[item].Title, terms, learn: true);
            _titles[item] = [.. terms.Order()];
            Split(catalog.Items[item].Text, terms, learn: true);
            _texts[item] = [.. terms.Order()];
        }

        _values = [.. _columns.Select(column => Enumerable.Range(0, column.Values.Count)
            .Select(code => WordsOf(column.Values[code])).ToArray())];
        _idf = new float[_vocabulary.Count];
        for (int item = 0; item < catalog.Count; item++)
        {
            foreach (int term in _texts[item].Union(ValueTerms(item)))
            {
                _idf[term]++;
            }
        }

        // Every word came from an item, so that none has a count of 0.
        for (int term = 0; term < _idf.Length; term++)
        {
            _idf[term] = MathF.Log(1 + catalog.Count / _idf[term]);
        }
    }

    /// <summary>The features of a generation's catalog, made once, in the background, when they are first asked for.</summary>
    public static Task<CrossFeatures> OfAsync(Generation generation) =>
        Made.GetValue(generation, static key => Task.Run(() => new CrossFeatures(key.Catalog)));

    /// <summary>The columns, in their order.</summary>
    public static IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("base.z", "deviations", "The base score, in standard deviations of the request's candidates."),
        new("base.rank", "share", "The share of the other candidates that the base ranks behind this one."),
        new("query.title", "share", "How much of the query, by rarity, the title has."),
        new("query.text", "share", "How much of the query, by rarity, title and text have."),
        new("query.attribute", "share", "How much of the query's words name an attribute value of the candidate."),
        new("history.title", "share", "How much of the title, by rarity, titles of the history have."),
        new("history.text", "share", "How much of title and text, by rarity, the history has."),
        new("history.attribute", "share", "The mean share of the history that has a value of the candidate."),
        new("history.length", "log", "The logarithm of 1 plus the number of items in the history."),
        new("query.length", "words", "The number of words in the query that any item has."),
    ];

    internal static IReadOnlyList<string> Names { get; } = [.. Definitions.Select(definition => definition.Name)];

    /// <summary>The features of a request's candidates; NaN where there is no query or no history to compare with.</summary>
    /// <param name="items">The item of each candidate.</param>
    /// <param name="baseScores">The base score of each, finite.</param>
    /// <param name="history">The items of the user's history.</param>
    /// <param name="query">What the user typed, or null.</param>
    public FeatureMatrix Build(
        ReadOnlySpan<int> items, ReadOnlySpan<float> baseScores, ReadOnlySpan<int> history, string? query)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(baseScores.Length, items.Length);
        var matrix = new FeatureMatrix(Definitions.Count, items.Length);
        Normaliser.Apply(Normalisation.ZScore, baseScores).CopyTo(matrix[0]);
        Normaliser.Apply(Normalisation.Rank, baseScores).CopyTo(matrix[1]);

        var asked = new HashSet<int>();
        Split(query ?? "", asked, learn: false);
        var seenTitles = new HashSet<int>();
        var seenTexts = new HashSet<int>();
        foreach (int item in history)
        {
            seenTitles.UnionWith(_titles[item]);
            seenTexts.UnionWith(_texts[item]);
        }

        float[][] shares = [.. _columns.Select(column => new float[column.Values.Count])];
        foreach ((float[] share, AttributeColumn column) in shares.Zip(_columns))
        {
            foreach (int item in history)
            {
                foreach (int code in column[item])
                {
                    share[code] += 1f / history.Length;
                }
            }
        }

        float asking = asked.Sum(term => _idf[term]);
        for (int candidate = 0; candidate < items.Length; candidate++)
        {
            int item = items[candidate];
            matrix[2][candidate] = Covered(asked, _titles[item], asking);
            matrix[3][candidate] = Covered(asked, _texts[item], asking);
            matrix[4][candidate] = Covered(asked, ValueTerms(item), asking);
            (matrix[5][candidate], matrix[6][candidate], matrix[7][candidate]) = history.IsEmpty
                ? (float.NaN, float.NaN, float.NaN)
                : (Covered(seenTitles, _titles[item], Weight(_titles[item])),
                    Covered(seenTexts, _texts[item], Weight(_texts[item])),
                    Liked(item, shares));
        }

        matrix[8].Fill(MathF.Log(1 + history.Length));
        matrix[9].Fill(asked.Count);
        return matrix;
    }

    private float Liked(int item, float[][] shares)
    {
        float sum = 0;
        int values = 0;
        for (int column = 0; column < _columns.Length; column++)
        {
            foreach (int code in _columns[column][item])
            {
                sum += shares[column][code];
                values++;
            }
        }

        return values > 0 ? sum / values : float.NaN;
    }

    private int[] WordsOf(string value)
    {
        var terms = new HashSet<int>();
        Split(value, terms, learn: true);
        return [.. terms];
    }

    private HashSet<int> ValueTerms(int item)
    {
        var terms = new HashSet<int>();
        for (int column = 0; column < _columns.Length; column++)
        {
            foreach (int code in _columns[column][item])
            {
                terms.UnionWith(_values[column][code]);
            }
        }

        return terms;
    }

    private float Weight(int[] terms) => terms.Sum(term => _idf[term]);

    private float Covered(HashSet<int> wanted, IEnumerable<int> own, float whole) =>
        whole > 0 ? own.Where(wanted.Contains).Sum(term => _idf[term]) / whole : float.NaN;

    private void Split(string text, HashSet<int> terms, bool learn)
    {
        foreach (ReadOnlySpan<char> term in new Tokenizer(text, stackalloc char[Tokenizer.MaxTermLength]))
        {
            if (terms.Count >= MaxTerms)
            {
                return;
            }

            int number = learn ? _vocabulary.Add(term) : _vocabulary.IndexOf(term);
            if (number >= 0)
            {
                terms.Add(number);
            }
        }
    }
}
