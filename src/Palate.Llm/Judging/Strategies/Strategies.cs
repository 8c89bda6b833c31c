namespace Palate.Llm;

/// <summary>The strategies by their names.</summary>
public static class Strategies
{
    private static readonly (string Name, Func<StrategyOptions, GraphOptions?, Strategy> Make)[] Known =
    [
        ("pointwise", (_, _) => new PointwiseStrategy()),
        ("pointwise-batched", (options, _) => new BatchedPointwiseStrategy(options.BatchSize)),
        ("yes-no", (_, _) => new YesNoStrategy()),
        ("pairwise-all", (_, _) => new AllPairsStrategy()),
        ("pairwise-heapsort", (_, _) => new PairwiseHeapsortStrategy()),
        ("pairwise-sliding", (_, _) => new PairwiseSlidingStrategy()),
        ("listwise", (options, _) => new ListwiseStrategy(options.ListSize)),
        ("rankgpt", (options, _) => new RankGptStrategy(options.Windows)),
        ("first-token", (options, _) => new FirstTokenStrategy(options.Windows)),
        ("setwise-heapsort", (options, _) => new SetwiseHeapsortStrategy(options.Sets)),
        ("setwise-insertion", (options, _) => new SetwiseInsertionStrategy(options.Sets)),
        ("tourrank", (options, _) => new TourRankStrategy(options.Tournaments)),
        ("blocks", (options, _) => new BlocksStrategy(options.Blocks)),
        ("adaptive", (options, _) => new AdaptiveStrategy(options.Adaptive)),
        ("adaptive-brief", (options, _) => new AdaptiveStrategy(options.Adaptive with { Brief = true })),
        ("self-consistency", (options, _) => new SelfConsistencyStrategy(options.Consistency)),
        ("graph", (_, graph) => new GraphStrategy(graph)),
    ];

    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(entry => entry.Name)];

    /// <summary>Makes a strategy.</summary>
    /// <param name="name">One of <see cref="Names"/>, as written there.</param>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <param name="graph">Those of <c>graph</c>, which are more; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no strategy of that name, or a setting is out of its limits.</exception>
    public static Strategy Create(string name, StrategyOptions? options = null, GraphOptions? graph = null)
    {
        foreach ((string known, Func<StrategyOptions, GraphOptions?, Strategy> make) in Known)
        {
            if (known == name)
            {
                return make(options ?? new StrategyOptions(), graph);
            }
        }

        throw new ArgumentException(
            $"There is no strategy '{name}'; give one of: {string.Join(", ", Names)}.", nameof(name));
    }
}
