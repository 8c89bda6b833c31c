using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>What a catalog teaches about its own words: which go with which, which mean the same, and which tell much.</summary>
/// <remarks>
/// Learned offline from titles, attribute values and the beginnings of texts. A word takes another when nearly all of its
/// items have that one too ("cordless": wireless), or when both have the same neighbours and hardly ever stand together
/// ("sofa": couch) without being values of one attribute. The latter is
/// distributional similarity: the cosine of vectors of positive pointwise mutual information
/// (Bullinaria and Levy 2007). Immutable, thread-safe; the same items in the same order give the same rules.
/// </remarks>
public sealed partial class CatalogRules
{
    private const int MaxWords = 4096;
    private const int MaxWordsOfItem = 48;
    private const int MaxContexts = 64;
    private const int MaxPairsOfContext = 256;

    private readonly FrozenDictionary<string, IReadOnlyList<string>> _expansions;
    private readonly FrozenDictionary<string, int> _frequencies;
    private readonly int _items;

    private CatalogRules(Dictionary<string, IReadOnlyList<string>> expansions, Dictionary<string, int> frequencies, int items)
    {
        _expansions = expansions.ToFrozenDictionary(StringComparer.Ordinal);
        _frequencies = frequencies.ToFrozenDictionary(StringComparer.Ordinal);
        _items = items;
    }

    /// <summary>The words to add, by word.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Expansions => _expansions;

    /// <summary>The words to add to one; empty for most.</summary>
    public IReadOnlyList<string> Expand(string word) => _expansions.GetValueOrDefault(word, []);

    /// <summary>How much a word tells: ln((1 + items) / (1 + items with it)).</summary>
    public double Weight(string word) => Math.Log((1.0 + _items) / (1 + _frequencies.GetValueOrDefault(word)));

    /// <summary>Learns from items.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static CatalogRules Learn(
        IEnumerable<Item> items, RewriteOptions? rewriting = null, CatalogRulesOptions? options = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        rewriting ??= new RewriteOptions();
        options ??= new CatalogRulesOptions();
        options.Validate();
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        var documents = new List<string[]>();
        var attributes = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (Item item in items)
        {
            stop.ThrowIfCancellationRequested();
            string[] words = Words(item, rewriting);
            documents.Add(words);
            AddAttributes(item, attributes);
            foreach (string word in words)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(frequencies, word, out _)++;
            }
        }

        int most = Math.Max(1, (int)(documents.Count * options.MaximumShare));
        string[] known =
        [
            .. frequencies.Where(pair => pair.Value >= options.MinimumItems && pair.Value <= most)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(MaxWords).Select(pair => pair.Key),
        ];
        Dictionary<int, int>[] together = Together(documents, known, stop);
        return new CatalogRules(
            Rules(known, frequencies, together, attributes, documents.Count, options, stop), frequencies, documents.Count);
    }

    private static void AddAttributes(Item item, Dictionary<string, HashSet<string>> attributes)
    {
        foreach ((string name, IReadOnlyList<string> values) in item.Attributes)
        {
            foreach (string word in values.SelectMany(RewriteWords.Of))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(attributes, word, out _) ??= new(StringComparer.Ordinal)).Add(name);
            }
        }
    }

    // Two values of one attribute have the same neighbours because one excludes the other: blue is no word for red.
    private static bool AreAlternatives(Dictionary<string, HashSet<string>> attributes, string word, string other) =>
        attributes.TryGetValue(word, out HashSet<string>? names) &&
        attributes.TryGetValue(other, out HashSet<string>? others) && names.Overlaps(others);

    private static string[] Words(Item item, RewriteOptions rewriting) =>
    [
        .. RewriteWords.Of(item.Title)
            .Concat(item.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => pair.Value.SelectMany(RewriteWords.Of)))
            .Concat(RewriteWords.Of(item.Text))
            .Where(word => word.Length > 1 && !rewriting.StopWords.Contains(word))
            .Distinct(StringComparer.Ordinal).Take(MaxWordsOfItem),
    ];

    private static Dictionary<int, int>[] Together(List<string[]> documents, string[] known, CancellationToken stop)
    {
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < known.Length; i++)
        {
            indexes[known[i]] = i;
        }

        var together = new Dictionary<int, int>[known.Length];
        for (int i = 0; i < together.Length; i++)
        {
            together[i] = [];
        }

        foreach (string[] words in documents)
        {
            stop.ThrowIfCancellationRequested();
            int[] present = [.. words.Where(indexes.ContainsKey).Select(word => indexes[word])];
            foreach (int word in present)
            {
                foreach (int other in present)
                {
                    if (other != word)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(together[word], other, out _)++;
                    }
                }
            }
        }

        return together;
    }

    private static Dictionary<string, IReadOnlyList<string>> Rules(
        string[] known, Dictionary<string, int> frequencies, Dictionary<int, int>[] together,
        Dictionary<string, HashSet<string>> attributes, int items, CatalogRulesOptions options, CancellationToken stop)
    {
        int[] counts = [.. known.Select(word => frequencies[word])];
        (int Word, double Weight)[][] contexts = [.. together.Select((others, word) => Contexts(others, word, counts, items))];
        var byContext = new List<(int Word, double Weight)>[known.Length];
        for (int word = 0; word < known.Length; word++)
        {
            foreach ((int context, double weight) in contexts[word])
            {
                (byContext[context] ??= []).Add((word, weight));
            }
        }

        var rules = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var similarity = new Dictionary<int, double>();
        for (int word = 0; word < known.Length; word++)
        {
            stop.ThrowIfCancellationRequested();
            var found = new List<(int Word, double Score)>();
            foreach ((int other, int count) in together[word])
            {
                // One side only: of two that always stand together, neither adds to the other's meaning.
                if (count >= options.MinimumShare * counts[word] && counts[other] > counts[word])
                {
                    found.Add((other, (double)count / counts[word]));
                }
            }

            similarity.Clear();
            foreach ((int context, double weight) in contexts[word])
            {
                foreach ((int other, double otherWeight) in byContext[context].Take(MaxPairsOfContext))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(similarity, other, out _) += weight * otherWeight;
                }
            }

            foreach ((int other, double cosine) in similarity)
            {
                int both = together[word].GetValueOrDefault(other);
                if (other != word && cosine >= options.MinimumSimilarity && options.MinimumSimilarity < 1 &&
                    contexts[word].Length >= 3 && both <= 0.05 * Math.Min(counts[word], counts[other]) &&
                    !AreAlternatives(attributes, known[word], known[other]))
                {
                    found.Add((other, cosine));
                }
            }

            if (found.Count > 0 && options.MostPerWord > 0)
            {
                rules[known[word]] =
                [
                    .. found.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Word)
                        .Select(pair => known[pair.Word]).Distinct().Take(options.MostPerWord),
                ];
            }
        }

        return rules;
    }

    // Unit vectors of max(0, ln(p(w, c) / (p(w) p(c)))), the strongest contexts only.
    private static (int, double)[] Contexts(Dictionary<int, int> others, int word, int[] counts, int items)
    {
        (int Word, double Weight)[] strongest =
        [
            .. others.Where(pair => pair.Value > 1)
                .Select(pair => (pair.Key, Weight: Math.Log((double)pair.Value * items / ((double)counts[word] * counts[pair.Key]))))
                .Where(pair => pair.Weight > 0)
                .OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Key).Take(MaxContexts),
        ];
        double norm = Math.Sqrt(strongest.Sum(pair => pair.Weight * pair.Weight));
        return [.. strongest.Select(pair => (pair.Word, pair.Weight / norm))];
    }
}
