namespace Palate.Benchmarks;

/// <summary>
/// The small shop of a published notebook on re-ranking with a language model: short titles of fourteen kinds of
/// goods, a base ranking that knows nothing of words, and queries in words.
/// </summary>
/// <remarks>
/// Titles are a maker, a kind and a variant; descriptions repeat them with some words exchanged. The base ranking goes
/// by the inner product of random directions, so only a reader of the texts can do better. The same seed gives the same
/// world. Immutable, therefore safe to read from any thread.
/// </remarks>
public sealed class NotebookWorld
{
    /// <summary>How many items there are.</summary>
    public const int ItemCount = 2500;

    /// <summary>How many candidates a request has.</summary>
    public const int CandidateCount = 140;

    private const int Width = 32;

    private static readonly string[] Kinds =
    [
        "wireless mouse", "gaming keyboard", "ergonomic chair", "standing desk", "noise cancelling headphones",
        "usb c hub", "4k monitor", "webcam", "notebook", "pen", "coffee machine", "air purifier", "yoga mat", "dumbbells",
    ];

    private static readonly string[] Makers = ["Aster", "Norda", "Kite", "Vento", "Orion", "Mori", "Delta"];

    private static readonly string[] Variants = ["pro", "mini", "max", "plus", "lite", "ultra"];

    private static readonly string[] Uses = ["for work", "for gaming", "for home office", "travel friendly"];

    // Eight of the fourteen kinds are asked for.
    private static readonly string[] Intents =
    [
        "wireless mouse", "noise cancelling headphones", "standing desk", "4k monitor",
        "usb c hub", "webcam", "ergonomic chair", "gaming keyboard",
    ];

    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.Ordinal)
    {
        ["wireless"] = ["cordless", "bt", "bluetooth"],
        ["headphones"] = ["cans", "headset"],
        ["standing"] = ["sit-stand", "adjustable"],
        ["monitor"] = ["display", "screen"],
        ["keyboard"] = ["keys", "mechanical keyboard"],
    };

    private readonly float[] _directions;
    private readonly ulong _seed;

    private NotebookWorld(ulong seed, Item[] items, float[] directions)
    {
        _seed = seed;
        Items = items;
        _directions = directions;
    }

    /// <summary>The items.</summary>
    public IReadOnlyList<Item> Items { get; }

    /// <summary>Makes the world.</summary>
    public static NotebookWorld Generate(ulong seed)
    {
        var random = new SeededRandom(seed);
        var items = new Item[ItemCount];
        for (int item = 0; item < items.Length; item++)
        {
            string title = $"{Pick(random, Makers)} {Pick(random, Kinds)} {Pick(random, Variants)}";
            items[item] = new Item(FormattableString.Invariant($"n{item:0000}"))
            {
                Title = title,
                Text = Describe(random, title),
            };
        }

        float[] directions = new float[ItemCount * Width];
        for (int item = 0; item < ItemCount; item++)
        {
            Direction(random, directions.AsSpan(item * Width, Width));
        }

        return new NotebookWorld(seed, items, directions);
    }

    /// <summary>Requests, each by somebody new.</summary>
    /// <param name="count">How many.</param>
    /// <param name="stream">Tells independent series of requests apart, for example one to learn from and one to measure.</param>
    public IEnumerable<NotebookRequest> Requests(int count, ulong stream)
    {
        var random = new SeededRandom(_seed ^ ((stream + 1) * 0x9E3779B97F4A7C15));
        float[] user = new float[Width];
        for (int request = 0; request < count; request++)
        {
            string intent = Pick(random, Intents);
            string query = intent
                .Replace("wireless", Pick(random, ["wireless", "cordless", "bt"]), StringComparison.Ordinal)
                .Replace("headphones", Pick(random, ["headphones", "cans", "headset"]), StringComparison.Ordinal);
            query += random.NextDouble() < 0.4 ? " for work" : "";
            Direction(random, user);
            yield return Ask(query, intent, user);
        }
    }

    /// <summary>Whether somebody with an intent would click an item: what relevance is in this world.</summary>
    /// <param name="intent">What the query stands for.</param>
    /// <param name="itemWords">The words of the item's text, lower case, rewritten or not.</param>
    /// <param name="baseScore">The base score.</param>
    public static bool IsClicked(string intent, IReadOnlySet<string> itemWords, float baseScore)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(itemWords);

        // P(click) = sigmoid(3 (1.7 overlap + 0.25 base - 0.6)), which is above one half when the bracket is above 0.
        string[] wanted = intent.Split(' ');
        double overlap = wanted.Count(itemWords.Contains) / (double)wanted.Length;
        return (1.7 * overlap) + (0.25 * baseScore) > 0.6;
    }

    private NotebookRequest Ask(string query, string intent, float[] user)
    {
        float[] scores = new float[ItemCount];
        for (int item = 0; item < ItemCount; item++)
        {
            scores[item] = System.Numerics.Tensors.TensorPrimitives.Dot(_directions.AsSpan(item * Width, Width), user);
        }

        int[] best = [.. Enumerable.Range(0, ItemCount)
            .OrderByDescending(item => scores[item]).ThenBy(item => item).Take(CandidateCount)];
        return new NotebookRequest(query, intent, best, [.. best.Select(item => scores[item])]);
    }

    private static string Describe(SeededRandom random, string title)
    {
        var words = new List<string>();
        foreach (string word in title.Split(' '))
        {
            words.Add(word);
            if (Synonyms.TryGetValue(word, out string[]? others) && random.NextDouble() < 0.35)
            {
                words.Add(Pick(random, others));
            }
        }

        if (random.NextDouble() < 0.25)
        {
            words.Add(Pick(random, Uses));
        }

        return string.Join(' ', words);
    }

    private static void Direction(SeededRandom random, Span<float> destination)
    {
        double sum = 0;
        foreach (ref float value in destination)
        {
            value = (float)random.NextNormal();
            sum += (double)value * value;
        }

        foreach (ref float value in destination)
        {
            value /= (float)Math.Sqrt(sum);
        }
    }

    private static string Pick(SeededRandom random, string[] from) => from[random.Next(from.Length)];
}
