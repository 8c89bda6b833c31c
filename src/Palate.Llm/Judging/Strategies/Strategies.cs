namespace Palate.Llm;

/// <summary>The strategies by their names.</summary>
public static class Strategies
{
    private static readonly (string Name, Func<StrategyOptions, Strategy> Make)[] Known =
    [
        ("pointwise", _ => new PointwiseStrategy()),
        ("pointwise-batched", options => new BatchedPointwiseStrategy(options.BatchSize)),
        ("yes-no", _ => new YesNoStrategy()),
        ("pairwise-all", _ => new AllPairsStrategy()),
        ("pairwise-heapsort", _ => new PairwiseHeapsortStrategy()),
        ("pairwise-sliding", _ => new PairwiseSlidingStrategy()),
        ("listwise", options => new ListwiseStrategy(options.ListSize)),
        ("rankgpt", options => new RankGptStrategy(options.Windows)),
        ("first-token", options => new FirstTokenStrategy(options.Windows)),
        ("setwise-heapsort", options => new SetwiseHeapsortStrategy(options.Sets)),
        ("setwise-insertion", options => new SetwiseInsertionStrategy(options.Sets)),
        ("tourrank", options => new TourRankStrategy(options.Tournaments)),
        ("blocks", options => new BlocksStrategy(options.Blocks)),
        ("adaptive", options => new AdaptiveStrategy(options.Adaptive)),
        ("adaptive-brief", options => new AdaptiveStrategy(options.Adaptive with { Brief = true })),
        ("self-consistency", options => new SelfConsistencyStrategy(options.Consistency)),
        ("graph", options => new GraphStrategy(options.Graph)),
    ];

    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(entry => entry.Name)];

    /// <summary>Makes a strategy.</summary>
    /// <param name="name">One of <see cref="Names"/>, as written there.</param>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no strategy of that name, or a setting is out of its limits.</exception>
    public static Strategy Create(string name, StrategyOptions? options = null)
    {
        foreach ((string known, Func<StrategyOptions, Strategy> make) in Known)
        {
            if (known == name)
            {
                return make(options ?? new StrategyOptions());
            }
        }

        throw new ArgumentException(
            $"There is no strategy '{name}'; give one of: {string.Join(", ", Names)}.", nameof(name));
    }
}
