using System.Collections.Concurrent;
using System.Globalization;
using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>
/// Compares the graph with shapers alone, a listwise model and a fixed path, after the protocol of LLM4Rerank.
/// </summary>
/// <remarks>
/// Every weight is chosen on one half of the users and reported on the other. The model is simulated: it reads titles,
/// genres and goal, and nothing that was held out. Same data, options and seed: same numbers, but for the times.
/// </remarks>
public sealed partial class GraphBenchmark
{
    private const string Ndcg = "ndcg@10";
    private const string TopicNdcg = "topic_ndcg@10";
    private const int K = 10;

    // What fairness counts in the goal balanced: more of it changes nothing, as its price is low.
    private const double BalancedFairness = 0.3;
    private static readonly float[] Swept = [0.05f, 0.1f, 0.15f, 0.2f, 0.25f, 0.3f, 0.35f, 0.4f, 0.45f, 0.5f, 0.55f, 0.6f, 0.65f, 0.7f, 0.85f, 1];
    private static readonly double[] DiversityWeights = [0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.85, 1, 1.3, 2, 4];
    private static readonly double[] FairnessWeights = [0.1, 0.25, 0.5, 1, 2, 4];
    private static readonly double[] BalancedDiversities = [0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1, 1.3];
    private static readonly string[] Path = ["Accuracy", "Diversity", "Fairness", "Stop"];

    private readonly TrainingData _data;
    private readonly GraphBenchmarkOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<double, string> _tell;
    private readonly CancellationToken _stop;
    private readonly PromptLibrary _prompts = PromptLibrary.Load();
    private readonly string _mad;

    // What does not depend on the goal, for the many walks of a sweep.
    private readonly ConcurrentDictionary<ReorderCase, RerankRequest> _requests = new();

    private GraphBenchmark(
        TrainingData data,
        GraphBenchmarkOptions options,
        TimeProvider time,
        Action<double, string> tell,
        CancellationToken stop)
    {
        _data = data;
        _options = options;
        _time = time;
        _tell = tell;
        _stop = stop;
        _mad = string.Create(CultureInfo.InvariantCulture, $"mad@{options.Candidates}");
    }

    /// <summary>Tunes on one half of the users and measures on the other.</summary>
    /// <param name="data">Items with <c>genre</c> and <c>year</c>, and interactions.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="time">The clock that measures; null for the system's.</param>
    /// <param name="tell">Hears how far it is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">The items lack an attribute, or too few users are left.</exception>
    public static ReorderReport Run(
        TrainingData data,
        GraphBenchmarkOptions? options = null,
        TimeProvider? time = null,
        Action<double, string>? tell = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new GraphBenchmarkOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Candidates, K + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Candidates, 200);
        return new GraphBenchmark(data, options, time ?? TimeProvider.System, tell ?? ((_, _) => { }), stop).Measure();
    }

    private ReorderReport Measure()
    {
        _tell(-1, "fitting rankers");
        ReorderProtocol whole = Prepare(_options.Candidates, _options.Draws);
        ReorderProtocol tune = whole.Part(own => own.User % 2 == 0);
        ReorderProtocol test = whole.Part(own => own.User % 2 == 1);
        _tell(0.1, "tuning");
        Tuned tuned = Tune(tune);
        _tell(0.3, "measuring");
        var rows = new List<(string Section, Measured Row)>();
        AddClassical(rows, tuned);
        AddGraph(rows, test, tuned);
        AddAblations(rows, test, tuned);
        IReadOnlyList<ReorderRow> measured = test.Run([.. rows.Select(row => row.Row.Reorderer)], _stop);
        var table = new List<ReorderReportRow>(measured.Take(3).Select(row => new ReorderReportRow("reference", row)));
        for (int place = 0; place < rows.Count; place++)
        {
            Measured own = rows[place].Row;
            table.Add(new ReorderReportRow(rows[place].Section, measured[place + 3])
            {
                Steps = own.Steps,
                Calls = own.Calls,
                Tokens = own.Tokens,
                Milliseconds = own.Seconds is { } seconds
                    ? seconds * 1000 / test.Cases.Count
                    : measured[place + 3].Seconds * 1000 / test.Cases.Count,
            });
        }

        _tell(0.6, "sweeping");
        List<ReorderFrontPoint> points = Sweep(test);
        _tell(0.8, "sensitivity");
        table.AddRange(Sensitivity(test, tuned));
        (IReadOnlyList<ReorderStep> walk, string note) = Walk(test, tuned);
        return new ReorderReport
        {
            Title = _options.Name,
            Notes = [.. Notes(whole, tune, test, tuned), .. Paired(test, measured)],
            Metrics = test.MetricNames,
            Rows = table,
            Points = points,
            Checks = Check(test, table, points, tuned),
            Walk = walk,
            WalkNote = note,
        };
    }

    private ReorderProtocol Prepare(int candidates, int draws) => ReorderProtocol.Prepare(
        _data,
        new ReorderOptions
        {
            Candidates = candidates,
            K = K,
            HoldsOutRandomly = draws > 0,
            Draws = Math.Max(1, draws),
            Users = _options.Users,
            Seed = _options.Seed,
        },
        _time,
        _stop);

    private IReadOnlyList<string> Notes(
        ReorderProtocol whole, ReorderProtocol tune, ReorderProtocol test, Tuned tuned) =>
    [
        $"{whole.Description}, {Math.Max(1, _options.Draws)} draws, {_options.Candidates} candidates of an ALS ranker.",
        $"Of {whole.Users} held-out items the ranker had {whole.Found} among its candidates; only those cases count, so the base order is above chance.",
        $"Weights were chosen on {tune.Cases.Count} cases of {tune.Users} users; the table is of {test.Cases.Count} cases of the {test.Users} others. Intervals are paired, by user, against the base order.",
        $"The model is simulated (profile '{_options.Profile}'): it says what a reader of titles and genres would say, and cannot be compared with the 13 B model of the paper, whose code computes no metrics either.",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Chosen goal weights: diversity {tuned.Diversity:0.##}, fairness {tuned.Fairness:0.##}, balanced {tuned.BalancedDiversity:0.##} and {BalancedFairness:0.##}. Best classical for diversity within {_options.DiversityLoss:P0} of NDCG: {tuned.BestDiversity.Name}; for fairness within {_options.FairnessLoss:P0}: {tuned.BestFairness.Name}."),
    ];

    // What pool, routing and goal are worth: the whole graph less the one without, by user.
    private IEnumerable<string> Paired(ReorderProtocol test, IReadOnlyList<ReorderRow> rows)
    {
        foreach (string how in (string[])["algorithm", "model"])
        {
            ReorderRow whole = rows.First(row => row.Name == $"graph {how}: balanced");
            foreach (ReorderRow without in rows.Where(row =>
                row.Name.StartsWith(how + ": without", StringComparison.Ordinal) || row.Name == $"path A-D-F-Stop {how}"))
            {
                IReadOnlyDictionary<string, ReorderDifference> differences = test.Between(whole, without, _stop);
                yield return $"Goal balanced, whole less '{without.Name}': NDCG {Show(differences[Ndcg])}, topic NDCG {Show(differences[TopicNdcg])}.";
            }
        }
    }

    /// <summary>What was chosen on the first half of the users.</summary>
    private sealed record Tuned(
        IReadOnlyList<Reorderer> Classical,
        Reorderer BestDiversity,
        Reorderer BestFairness,
        double Diversity,
        double Fairness,
        double BalancedDiversity)
    {
        public GoalCatalog Goals => GoalCatalog.Default.With(
            Named("diversity", ("Diversity", Diversity)),
            Named("fairness", ("Fairness", Fairness)),
            Named("balanced", ("Diversity", BalancedDiversity), ("Fairness", BalancedFairness)));

        private static GraphGoal Named(string name, params (string Node, double Weight)[] weights) =>
            GoalCatalog.Default.Understand(name) with
            {
                Weights = weights.ToDictionary(each => each.Node, each => each.Weight),
            };
    }

    /// <summary>A row to be measured, with what it took; the orders are made already where a model was asked.</summary>
    private sealed record Measured(Reorderer Reorderer)
    {
        public double? Steps { get; init; }

        public double? Calls { get; init; }

        public double? Tokens { get; init; }

        public double? Seconds { get; init; }
    }
}
