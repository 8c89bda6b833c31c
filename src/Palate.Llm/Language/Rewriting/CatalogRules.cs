using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <summary>What a catalog teaches about its own words: which imply others, and which tell much.</summary>
/// <remarks>
/// Learned offline from titles, attribute values and the beginnings of texts. A word takes another when nearly all of its
/// items have that one too ("cordless": wireless). Immutable, thread-safe; the same items in the same order give the same
/// rules.
/// </remarks>
public sealed partial class CatalogRules
{
    private const int MaxWords = 4096;
    private const int MaxWordsOfItem = 48;

    // In how many items a word must stand, so that what it implies is no chance.
    private const int MinimumItems = 5;

    // Words in more than this share of all items say nothing of any.
    private const double MaximumShare = 0.2;

    // In which share of a word's items another must stand to be added to it, and how many are added at most.
    private const double MinimumShare = 0.9;
    private const int MostPerWord = 2;

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
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static CatalogRules Learn(
        IEnumerable<Item> items, RewriteOptions? rewriting = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        rewriting ??= new RewriteOptions();
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        var documents = new List<string[]>();
        foreach (Item item in items)
        {
            stop.ThrowIfCancellationRequested();
            string[] words = Words(item, rewriting);
            documents.Add(words);
            foreach (string word in words)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(frequencies, word, out _)++;
            }
        }

        int most = Math.Max(1, (int)(documents.Count * MaximumShare));
        string[] known =
        [
            .. frequencies.Where(pair => pair.Value >= MinimumItems && pair.Value <= most)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(MaxWords).Select(pair => pair.Key),
        ];
        Dictionary<int, int>[] together = Together(documents, known, stop);
        return new CatalogRules(Rules(known, frequencies, together, stop), frequencies, documents.Count);
    }

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
        string[] known, Dictionary<string, int> frequencies, Dictionary<int, int>[] together, CancellationToken stop)
    {
        int[] counts = [.. known.Select(word => frequencies[word])];
        var rules = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (int word = 0; word < known.Length; word++)
        {
            stop.ThrowIfCancellationRequested();

            // One side only: of two that always stand together, neither adds to the other's meaning.
            string[] implied =
            [
                .. together[word]
                    .Where(pair => pair.Value >= MinimumShare * counts[word] && counts[pair.Key] > counts[word])
                    .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
                    .Take(MostPerWord).Select(pair => known[pair.Key]),
            ];
            if (implied.Length > 0)
            {
                rules[known[word]] = implied;
            }
        }

        return rules;
    }
}
