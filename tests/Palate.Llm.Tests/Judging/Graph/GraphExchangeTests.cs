namespace Palate.Llm.Tests;

/// <summary>What exchanges at the end of a walk do to the order that it took.</summary>
public sealed class GraphExchangeTests
{
    private const int Count = 14;

    private static readonly string[] Goals = ["balanced", "diversity", "fairness", "novelty", "calibration", "all"];

    [Fact]
    public void They_serve_the_goal_better_until_no_exchange_does()
    {
        int better = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            string goal = Goals[seed % Goals.Length];
            GraphOptions options = Options(50);
            RerankRequest request = GraphWorld.Request(Count, seed, goal);
            GraphWalk without = Walk(request, options with { Exchanges = 0 });
            GraphWalk with = Walk(request, options);

            Assert.Equal(0, without.Exchanges);
            Assert.Equal(without.Taken, with.Taken);
            Assert.Equal(Enumerable.Range(0, Count), with.Order.Order());
            Assert.True(with.Worth >= without.Worth - 1e-9, $"{goal}, seed {seed}: {with.Worth} < {without.Worth}.");
            Assert.Equal(with.Exchanges > 0, with.Reason.Contains("exchanges", StringComparison.Ordinal));
            better += with.Exchanges > 0 ? 1 : 0;
            if (with.Taken < 0)
            {
                continue;
            }

            // But for what leaning to a group may cost, it is a list that no exchange betters.
            double worth = Worth(options, request, [.. with.Order]);
            Assert.Equal(with.Worth, worth, 9);
            for (int i = 0; i < Count; i++)
            {
                for (int j = i + 1; j < Count; j++)
                {
                    int[] other = [.. with.Order];
                    (other[i], other[j]) = (other[j], other[i]);
                    double gain = (Worth(options, request, other) - worth) * Sum(options, goal);
                    Assert.True(gain < 3e-3, $"{goal}, seed {seed}: exchanging {i} and {j} gains {gain}.");
                }
            }
        }

        Assert.True(better > 20, $"Only {better} of 60 walks were bettered.");
    }

    [Fact]
    public void What_cannot_be_even_leans_to_either_group_alike()
    {
        var gaps = new List<double>();
        for (int seed = 0; seed < 300; seed++)
        {
            // Nine of the better group among twenty: no order is even.
            var random = new Random(seed);
            RerankRequest request = GraphWorld.Request(20, seed, "even");
            request = request with
            {
                Candidates =
                [
                    .. request.Candidates.Select((candidate, place) => candidate with
                    {
                        BaseScore = 20 - place - random.NextSingle(),
                        Attributes = new Dictionary<string, IReadOnlyList<string>> { ["year"] = [place < 9 ? "2001" : "1980"] },
                    }),
                ],
            };
            int[] groups = [.. Enumerable.Range(0, 20).Select(place => place < 9 ? 1 : 0)];
            gaps.Add(Parity.Gap(groups, [.. Walk(request, Options(50)).Order]));
        }

        Assert.All(gaps, gap => Assert.InRange(Math.Abs(gap), 0.001, 0.02));
        Assert.InRange(gaps.Count(gap => gap > 0), 100, 200);
    }

    [Fact]
    public void They_keep_to_their_bound_and_follow_an_algorithm_only()
    {
        RerankRequest request = GraphWorld.Request(100, 5, "all");

        Assert.InRange(Walk(request, Options(50)).Exchanges, 4, 50);
        Assert.InRange(Walk(request, Options(3)).Exchanges, 1, 3);
        Assert.Equal(0, Walk(request with { Goal = "accuracy" }, Options(50)).Exchanges);
        Assert.Equal(0, ByModel(request).Exchanges);
        Assert.Throws<ArgumentException>(() => Options(-1).Validate());
        Assert.Throws<ArgumentException>(() => Options(1001).Validate());
    }

    private static GraphOptions Options(int exchanges) => new()
    {
        Execution = GraphExecution.Rules,
        Exchanges = exchanges,
        Goals = GoalCatalog.Default.With(
            new GraphGoal("even", "Fairness before all.", new Dictionary<string, double> { ["Fairness"] = 20 }),
            new GraphGoal("all", "Everything.", new Dictionary<string, double>
            {
                ["Diversity"] = 0.5,
                ["Fairness"] = 0.3,
                ["Novelty"] = 0.2,
                ["Calibration"] = 0.2,
            })),
    };

    private static GraphWalk Walk(RerankRequest request, GraphOptions options)
    {
        Strategy strategy = new GraphStrategy(options).For(request, 0.5);
        return (GraphWalk)strategy.Finish(Base(request));
    }

    // A model that turns the order round at every node.
    private static GraphWalk ByModel(RerankRequest request)
    {
        Strategy strategy = new GraphStrategy(Options(50) with { Execution = GraphExecution.Model }).For(request, 0.5);
        Evidence evidence = Base(request);
        while (strategy.NextRound(evidence) is [var question])
        {
            evidence.Add(Judgment.Ordered(question, [.. question.Candidates.Reverse()])
                .Explained(new Dictionary<int, string>(), evidence.Asked == 0 ? "diversity" : "stop"));
        }

        return (GraphWalk)strategy.Finish(evidence);
    }

    private static Evidence Base(RerankRequest request) =>
        new([.. request.Candidates.Select(candidate => candidate.BaseScore)], 5);

    private static double Worth(GraphOptions options, RerankRequest request, int[] order)
    {
        var list = new GraphList(options, Base(request).BaseScores, request.Top, request);
        double[] values = list.Measure(order, [.. list.Gains]);
        double[] weights = options.Goals.Understand(request.Goal).WeightsOf(options.Nodes);
        return values.Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum();
    }

    private static double Sum(GraphOptions options, string goal) =>
        options.Goals.Understand(goal).WeightsOf(options.Nodes).Sum();
}
