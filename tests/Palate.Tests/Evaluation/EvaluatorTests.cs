namespace Palate.Tests;

public sealed class EvaluatorTests
{
    [Fact]
    public void A_planted_ranking_has_its_hand_computed_metrics()
    {
        // Six items. User 0 knows 0 and is judged by 1 and 2; user 1 knows nothing and is judged by 5; user 2 has
        // nothing held out.
        var split = Split.Given(Matrix(3, 6, (0, 0), (2, 3)), Matrix(3, 6, (0, 1), (0, 2), (1, 5)));
        int[][] lists = [[3, 1, 4, 2], [5, 0, 1], []];
        var evaluator = new Evaluator(split, new EvaluatorOptions
        {
            Metrics = ["recall@2", "ndcg@2", "mrr", "coverage@2", "popularity@2"],
            Resamples = 100,
        });

        EvaluationReport report = evaluator.Run([new EvaluationStage("planted", Fixed(lists))]);

        StageResult stage = Assert.Single(report.Stages);
        Assert.Equal([0, 1], report.UserRows);
        Assert.Equal(1, report.SkippedUsers);
        Assert.Equal(1, report.UsersWithoutHistory);
        Assert.Equal([0.5, 1], stage.PerUser["recall@2"]);
        Assert.Equal(0.75, stage.Metrics["recall@2"], 12);
        double first = 1 / Math.Log2(3) / (1 + 1 / Math.Log2(3));
        Assert.Equal((first + 1) / 2, stage.Metrics["ndcg@2"], 12);
        Assert.Equal(0.75, stage.Metrics["mrr"], 12);
        Assert.Equal(4.0 / 6, stage.Metrics["coverage@2"], 12);
        Assert.Equal((0.5 + 0.5) / 2, stage.Metrics["popularity@2"], 12);
        Assert.False(stage.Intervals.ContainsKey("coverage@2"));
        Assert.Equal([0.5, 0.75, 0.75, 1], stage.RecallCurve.Take(4));
    }

    [Fact]
    public void References_bound_the_stages()
    {
        Split split = Planted(1, out RankItems rank);
        EvaluationReport report = new Evaluator(split, Quick()).Run([new EvaluationStage("noisy", rank)]);

        Assert.Equal(
            ["chance", "popularity", "oracle of noisy (20 candidates)", "oracle of the catalog"],
            report.References.Select(row => row.Name));
        StageResult noisy = report.Stages[0];
        StageResult own = report.References[2];
        StageResult all = report.References[3];
        foreach (string name in new[] { "recall@5", "ndcg@5", "map@5", "mrr@5", "hr@5", "precision@5" })
        {
            Assert.True(noisy.Metrics[name] <= own.Metrics[name]);
            Assert.True(own.Metrics[name] <= all.Metrics[name]);
        }

        Assert.Equal(1, all.Metrics["ndcg@5"], 12);
        Assert.Equal(noisy.Metrics["recall@20"], own.Metrics["recall@20"], 12);
    }

    [Fact]
    [Trait("Category", Soak.Category)]
    public void Chance_is_what_random_orders_achieve_on_average()
    {
        Split split = Planted(2, out _);
        string[] metrics =
        [
            "recall@5", "precision@5", "hr@5", "mrr@5", "mrr", "map", "map_capped@5", "ndcg@5", "ndcg_full@2",
            "ndcg_exp@5", "novelty@5", "popularity@5", "tail@5", "coverage@1", "diversity@5",
        ];
        EvaluatorOptions options = new()
        {
            Metrics = metrics,
            Resamples = 100,
            Similarity = (a, b) => a % 3 == b % 3 ? 1 : (a + b) % 7 / 10f,
            Threads = 1,
        };
        var evaluator = new Evaluator(split, options);
        int count = Soak.Count(2400);
        EvaluationStage[] trials = [.. Enumerable.Range(0, count).Select(trial => new EvaluationStage(
            $"random {trial}", (user, destination) => Shuffled(split, user, (ulong)(trial * 1000 + user), destination)))];

        EvaluationReport report = evaluator.Run(trials);
        StageResult chance = report.References[0];
        IReadOnlyList<StageResult> results = report.Stages;
        foreach (string name in metrics)
        {
            double[] values = [.. results.Select(result => result.Metrics[name])];
            double mean = values.Average();
            double error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / count / (count - 1));
            Assert.True(
                Math.Abs(mean - chance.Metrics[name]) < 4.5 * error + 1e-12,
                $"{name}: expected {chance.Metrics[name]}, sampled {mean} +- {error}");
        }

        Assert.Equal(chance.Metrics["recall@5"], chance.RecallCurve[4], 12);
        Assert.Equal(chance.Metrics["ndcg@5"], chance.NdcgCurve[4], 12);
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        Split split = Planted(3, out RankItems rank);
        EvaluationReport one = new Evaluator(split, Quick(threads: 1)).Run(Two(rank));
        EvaluationReport four = new Evaluator(split, Quick(threads: 4)).Run(Two(rank));

        Assert.Equal(one.Comparisons, four.Comparisons);
        for (int stage = 0; stage < 2; stage++)
        {
            Assert.Equal(one.Stages[stage].Metrics, four.Stages[stage].Metrics);
            Assert.Equal(one.Stages[stage].Intervals, four.Stages[stage].Intervals);
            Assert.Equal(one.Stages[stage].NdcgCurve, four.Stages[stage].NdcgCurve);
            Assert.Equal(one.Stages[stage].BandShares, four.Stages[stage].BandShares);
        }

        Assert.Equal(one.DataHash, four.DataHash);
    }

    [Fact]
    public void A_better_stage_is_found_significant_and_an_equal_one_is_not()
    {
        Split split = Planted(4, out RankItems rank);
        EvaluationReport report = new Evaluator(split, Quick()).Run(
        [
            new EvaluationStage("noisy", rank),
            new EvaluationStage("same", rank),
            new EvaluationStage("best", (user, destination) =>
            {
                ReadOnlySpan<int> own = split.HeldOut.Row(user);
                own[..Math.Min(own.Length, destination.Length)].CopyTo(destination);
                return Math.Min(own.Length, destination.Length);
            }),
        ]);

        StageComparison same = report.Comparisons.Single(row => row.Stage == "same" && row.Metric == "ndcg@5");
        StageComparison best = report.Comparisons.Single(
            row => row.Stage == "best" && row.Metric == "ndcg@5" && row.Baseline == "noisy");
        Assert.Equal((0, 0, 0, 1, false), (same.Difference, same.Low, same.High, same.PValue, same.Significant));
        Assert.True(best.Significant && best.Low > 0 && best.PValue < 0.01);
        Assert.Equal(report.Stages[2].Metrics["ndcg@5"] - report.Stages[0].Metrics["ndcg@5"], best.Difference, 12);
        Assert.Contains(report.Comparisons, row => row.Stage == "best" && row.Baseline == "same");
    }

    [Theory]
    [InlineData(new[] { 1, 1 }, "1 twice")]
    [InlineData(new[] { 0 }, "training items")]
    [InlineData(new[] { 6 }, "not in the catalog")]
    [InlineData(new[] { -1 }, "not in the catalog")]
    public void A_list_that_breaks_the_contract_is_refused(int[] list, string reason)
    {
        var split = Split.Given(Matrix(1, 6, (0, 0)), Matrix(1, 6, (0, 1)));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new Evaluator(split, Quick()).Run([new EvaluationStage("broken", Fixed([list]))]));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Relevance_can_start_at_a_rating()
    {
        InteractionMatrix heldOut = InteractionMatrix.Build(2, 6, [0, 0, 1], [1, 2, 3], [3, 4, 2], new long[3]);
        var split = Split.Given(Matrix(2, 6, (0, 0)), heldOut);
        EvaluationReport report = new Evaluator(split, new EvaluatorOptions
        {
            Metrics = ["recall@1", "ndcg_linear@2"],
            RelevantFrom = 4,
            Resamples = 100,
        }).Run([new EvaluationStage("a", Fixed([[2], [3]]))]);

        Assert.Equal([0], report.UserRows);
        Assert.Equal(1, report.SkippedUsers);
        Assert.Equal(1, report.Stages[0].Metrics["recall@1"]);
        Assert.Equal(1, report.Stages[0].Metrics["ndcg_linear@2"]);
    }

    [Fact]
    public void Fairness_and_topic_metrics_are_measured_from_what_the_options_give()
    {
        var split = Split.Given(Matrix(2, 4, (0, 0)), Matrix(2, 4, (0, 1), (1, 0)));
        AttributeColumn topics = new Catalog(
        [
            .. Enumerable.Range(0, 4).Select(item => new Item($"i{item}")
            {
                Attributes = new Dictionary<string, IReadOnlyList<string>> { ["genre"] = [$"g{item % 2}"] },
            }),
        ]).Attribute("genre")!;
        var options = new EvaluatorOptions
        {
            Metrics =
            [
                "alpha_ndcg@3", "mad@3", "mad_user@3", "entropy@1", "topic_entropy@2", "calibration@2", "exposure_ratio@2",
            ],
            Topics = topics,
            Groups = [0, 0, 1, 1],
            Resamples = 100,
        };

        // User 0: group scores 1 and (0.5 + 0) / 2. User 1: (1 + 0) / 2 and 0.5.
        StageResult stage = new Evaluator(split, options).Run([new EvaluationStage("a", Fixed([[1, 2, 3], [1, 2, 0]]))]).Stages[0];

        Assert.Equal([0.75, 0], stage.PerUser["mad_user@3"]);
        Assert.Equal(2.0 / 3 - 1.0 / 3, stage.Metrics["mad@3"], 12);
        Assert.Equal([1, 0.5], stage.PerUser["alpha_ndcg@3"]);

        // Both lists start with item 1, then 2: one topic each. User 0's history is item 0, user 1's is empty.
        Assert.Equal(0, stage.Metrics["entropy@1"]);
        Assert.Equal([1, 1], stage.PerUser["topic_entropy@2"]);
        Assert.Equal(-Math.Log(0.505), stage.PerUser["calibration@2"][0], 12);
        Assert.Equal(1 / Math.Log2(3), stage.Metrics["exposure_ratio@2"], 12);
        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Metrics = ["mad@3"] }));
        foreach (string needing in (string[])["topic_entropy", "calibration", "exposure_ratio"])
        {
            Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Metrics = [needing] }));
        }

        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Groups = [0] }));
    }

    [Fact]
    public void A_cancelled_evaluation_ends_with_the_usual_exception()
    {
        Split split = Planted(5, out RankItems rank);
        using var stop = new CancellationTokenSource();
        var stage = new EvaluationStage("stops", (user, destination) =>
        {
            stop.Cancel();
            return rank(user, destination);
        });

        Assert.ThrowsAny<OperationCanceledException>(() => new Evaluator(split, Quick()).Run([stage], stop.Token));
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Split split = Planted(1, out _);

        Assert.Throws<FormatException>(() => new Evaluator(split, new EvaluatorOptions { Metrics = ["ndgc@5"] }));
        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Metrics = [] }));
        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Metrics = ["ild@5"] }));
        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Resamples = 5 }));
        Assert.Throws<ArgumentException>(() => new Evaluator(split, new EvaluatorOptions { Depth = 0 }));
    }

    [Fact]
    public void Popularity_and_chance_have_their_known_numbers_on_MovieLens_100K()
    {
        EvaluationReport report = new Evaluator(UaSplit.Ua(), new EvaluatorOptions
        {
            Metrics = ["recall@5", "ndcg@5", "recall@10", "ndcg@10", "recall@20", "recall@100", "hr@10", "mrr@10", "coverage@10"],
        }).Run([]);

        Assert.Equal(943, report.Users);
        Assert.Equal(9430, report.HeldOutInteractions);
        IReadOnlyDictionary<string, double> popularity = report.References[1].Metrics;
        (string, double)[] known =
        [
            ("recall@5", 0.0741), ("ndcg@5", 0.1527), ("recall@10", 0.1215), ("ndcg@10", 0.1331),
            ("recall@20", 0.1788), ("recall@100", 0.4321), ("hr@10", 0.7306), ("mrr@10", 0.3218), ("coverage@10", 0.0529),
        ];
        foreach ((string name, double value) in known)
        {
            Assert.Equal(value, popularity[name], 0.00006);
        }

        Assert.InRange(report.References[0].Metrics["recall@10"], 0.0060, 0.0068);
        Assert.InRange(report.References[0].Metrics["coverage@10"], 0.99, 1);
    }

    private static EvaluatorOptions Quick(int threads = 2) => new()
    {
        Metrics = ["recall@5", "ndcg@5", "map@5", "mrr@5", "hr@5", "precision@5", "recall@20", "coverage@5", "gini@5"],
        Depth = 20,
        Resamples = 200,
        Threads = threads,
    };

    private static EvaluationStage[] Two(RankItems rank) =>
    [
        new EvaluationStage("first", rank),
        new EvaluationStage("second", (user, destination) =>
        {
            int count = rank(user, destination);
            destination[..count].Reverse();
            return count;
        }),
    ];

    private static int Shuffled(Split split, int user, ulong seed, Span<int> destination)
    {
        int[] free = [.. Enumerable.Range(0, split.Train.Columns).Except(split.Train.Row(user).ToArray())];
        new SeededRandom(seed).Shuffle<int>(free);
        int count = Math.Min(free.Length, destination.Length);
        free.AsSpan(0, count).CopyTo(destination);
        return count;
    }

    /// <summary>100 users and 40 items; the ranking knows what is held out, with noise.</summary>
    private static Split Planted(ulong seed, out RankItems rank)
    {
        var random = new SeededRandom(seed);
        int[] users = new int[1200];
        int[] items = new int[users.Length];
        float[] values = new float[users.Length];
        for (int cell = 0; cell < users.Length; cell++)
        {
            users[cell] = random.Next(100);
            items[cell] = (int)(40 * random.NextDouble() * random.NextDouble());
            values[cell] = 1 + random.Next(4);
        }

        var split = Split.RandomShare(InteractionMatrix.Build(100, 40, users, items, values, new long[1200]), 0.3, seed);
        rank = (user, destination) =>
        {
            var noise = new SeededRandom(seed + (ulong)user);
            int[] held = split.HeldOut.Row(user).ToArray();
            int[] order =
            [
                .. Enumerable.Range(0, 40)
                    .Except(split.Train.Row(user).ToArray())
                    .OrderByDescending(item => noise.NextNormal() + (held.Contains(item) ? 1 : 0)),
            ];
            int count = Math.Min(order.Length, destination.Length);
            order.AsSpan(0, count).CopyTo(destination);
            return count;
        };
        return split;
    }

    private static RankItems Fixed(int[][] lists) => (user, destination) =>
    {
        int count = Math.Min(lists[user].Length, destination.Length);
        lists[user].AsSpan(0, count).CopyTo(destination);
        return count;
    };

    private static InteractionMatrix Matrix(int users, int items, params (int User, int Item)[] cells)
    {
        float[] ones = new float[cells.Length];
        Array.Fill(ones, 1);
        return InteractionMatrix.Build(
            users,
            items,
            cells.Select(cell => cell.User).ToArray(),
            cells.Select(cell => cell.Item).ToArray(),
            ones,
            new long[cells.Length]);
    }
}
