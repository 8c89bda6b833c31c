using System.Globalization;

namespace Palate;

/// <summary>
/// Compares ways to re-order a short list for accuracy, diversity and fairness, after the protocol of LLM4Rerank (Gao
/// et al., WWW 2025): leave one out, candidates of a matrix-factorisation ranker, metrics at 10.
/// </summary>
/// <remarks>
/// Beside every row stand chance (the mean over shuffles), the ranker's own order and, where it is defined, the best
/// that is possible. Intervals are of differences to the base order, paired by user. Same data, options and seed: same
/// table.
/// </remarks>
public sealed partial class ReorderProtocol
{
    private const int Shuffles = 20;

    private readonly ReorderOptions _options;
    private readonly ItemStatistics _statistics;
    private readonly AttributeColumn _topics;
    private readonly int[] _groups;
    private readonly ReorderCase[] _cases;
    private readonly int[] _positives;

    // The cases of each user, which bootstrap samples draw together.
    private readonly int[][] _ofUsers;
    private readonly Func<int, int, float> _similarity;
    private readonly TimeProvider _time;
    private readonly Measured _base;

    private ReorderProtocol(
        ReorderOptions options,
        Catalog catalog,
        InteractionMatrix matrix,
        Split split,
        AttributeColumn topics,
        int[] groups,
        TimeProvider time,
        CancellationToken stop)
    {
        _options = options;
        _time = time;
        _topics = topics;
        _groups = groups;
        _statistics = new ItemStatistics(split.Train);
        _similarity = ItemSimilarity.OfAttribute(topics);
        Items = catalog.Count;
        Description = split.Protocol;
        var cases = new List<ReorderCase>();
        var positives = new List<int>();
        MakeCases(split, cases, positives, stop);
        for (int draw = 1; draw < options.Draws && options.HoldsOutRandomly; draw++)
        {
            MakeCases(Split.LeaveRandomOut(matrix, options.Seed + (ulong)draw), cases, positives, stop);
        }

        _cases = [.. cases];
        _positives = [.. positives];
        _ofUsers = OfUsers(_cases);
        _base = Measure(own => Identity(own.Items.Length), stop);
    }

    private ReorderProtocol(ReorderProtocol whole, Func<ReorderCase, bool> isKept)
    {
        _options = whole._options;
        _time = whole._time;
        _topics = whole._topics;
        _groups = whole._groups;
        _statistics = whole._statistics;
        _similarity = whole._similarity;
        Items = whole.Items;
        Description = whole.Description;
        int[] kept = [.. Enumerable.Range(0, whole._cases.Length).Where(place => isKept(whole._cases[place]))];
        _cases = [.. kept.Select(place => whole._cases[place])];
        _positives = [.. kept.Select(place => whole._positives[place])];
        _ofUsers = OfUsers(_cases);
        Users = _ofUsers.Length;
        Found = _cases.Length;
        _base = Measure(own => Identity(own.Items.Length), default);
    }

    /// <summary>The candidates of each user who counts.</summary>
    public IReadOnlyList<ReorderCase> Cases => _cases;

    /// <summary>How many users have something held out.</summary>
    public int Users { get; private set; }

    /// <summary>In how many of those the ranker itself has the held-out item among its candidates.</summary>
    public int Found { get; private set; }

    /// <summary>How many items the catalog has.</summary>
    public int Items { get; }

    /// <summary>What was held out, in words.</summary>
    public string Description { get; }

    /// <summary>The names of the metrics, in the order of the table.</summary>
    public IReadOnlyList<string> MetricNames =>
    [
        .. UserMetrics, At("mad", _options.K), At("mad", _options.Candidates), At("exposure_ratio"), At("coverage"),
        At("gini"),
    ];

    private string[] UserMetrics =>
    [
        At("hr"), At("ndcg"), At("topic_ndcg"), At("ild"), At("topic_entropy"), At("calibration"), At("novelty"),
        At("mad_user", _options.K), At("mad_user", _options.Candidates),
    ];

    /// <summary>Whether a smaller value of a metric is the better one.</summary>
    public static bool LowerIsBetter(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return metric.StartsWith("mad", StringComparison.Ordinal)
            || metric.StartsWith("calibration", StringComparison.Ordinal)
            || metric.StartsWith("gini", StringComparison.Ordinal);
    }

    /// <summary>Holds out, fits the ranker and makes the cases.</summary>
    /// <param name="data">The items, with the attributes of topics and groups, and the interactions.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="time">The clock that measures; null for the system's.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <exception cref="ArgumentException">The items lack an attribute, or no user counts.</exception>
    public static ReorderProtocol Prepare(
        TrainingData data, ReorderOptions? options = null, TimeProvider? time = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ReorderOptions();
        options.Validate();
        AttributeColumn topics = Column(data.Catalog, options.Topics);
        int[] groups = ItemGroups.ByNumber(Column(data.Catalog, options.Groups), options.GroupFrom);
        Split split = !options.HoldsOutRandomly && data.Matrix.Times.AsSpan().ContainsAnyExcept(0L)
            ? Split.LeaveLastOut(data.Matrix)
            : Split.LeaveRandomOut(data.Matrix, options.Seed);
        var protocol = new ReorderProtocol(
            options, data.Catalog, data.Matrix, split, topics, groups, time ?? TimeProvider.System, stop);
        return protocol._cases.Length > 0 ? protocol : throw new ArgumentException(
            "The ranker has no user's held-out item among its candidates; ask for more candidates, or insert it.",
            nameof(options));
    }

    /// <summary>The table: chance, base, oracle, and a row for each re-orderer.</summary>
    /// <exception cref="InvalidOperationException">A re-orderer gave no permutation.</exception>
    public IReadOnlyList<ReorderRow> Run(IReadOnlyList<Reorderer> reorderers, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(reorderers);
        ReorderRow reference = RowOf("base", _base);
        var rows = new List<ReorderRow> { Chance(stop), reference, Oracle() };
        foreach (Reorderer reorderer in reorderers)
        {
            Measured own = Measure(place => Checked(reorderer.Name, place, reorderer.Order(place)), stop);
            ReorderRow row = RowOf(reorderer.Name, own);
            rows.Add(row with { Differences = Between(row, reference, stop) });
        }

        return rows;
    }

    /// <summary>Every shaper at every weight, without intervals: the points of a front.</summary>
    /// <param name="shapers">The shapers.</param>
    /// <param name="weights">The weights, each 0 to 1.</param>
    /// <param name="top">How many places are shaped; 0 for the cutoff of the metrics.</param>
    /// <param name="stop">Cancels between points.</param>
    public IReadOnlyList<ReorderFrontPoint> Sweep(
        IReadOnlyList<Shaper> shapers, IReadOnlyList<float> weights, int top = 0, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(shapers);
        ArgumentNullException.ThrowIfNull(weights);
        int places = top == 0 ? _options.K : top;
        return
        [
            .. from shaper in shapers
               from weight in weights
               let reorderer = Reorderer.Of(shaper, weight, places)
               select new ReorderFrontPoint(shaper.Name, weight, RowOf(reorderer.Name, Measure(reorderer.Order, stop))),
        ];
    }

    /// <summary>The same protocol over some of the cases, for example one half of the users.</summary>
    /// <param name="isKept">Which.</param>
    /// <exception cref="ArgumentException">No case is left.</exception>
    public ReorderProtocol Part(Func<ReorderCase, bool> isKept)
    {
        ArgumentNullException.ThrowIfNull(isKept);
        return _cases.Any(isKept)
            ? new ReorderProtocol(this, isKept)
            : throw new ArgumentException("No case is left; take more users.", nameof(isKept));
    }

    private static int[][] OfUsers(ReorderCase[] cases) =>
        [.. Enumerable.Range(0, cases.Length).GroupBy(place => cases[place].User).Select(own => own.ToArray())];

    private void MakeCases(Split split, List<ReorderCase> cases, List<int> positives, CancellationToken stop)
    {
        var als = Als.Fit(split.Train, _options.Als, stop);
        var proposed = new ScoredItem[_options.Candidates];
        float[] score = new float[1];
        int rows = split.Train.Rows;
        int users = _options.Users is > 0 and int wanted ? Math.Min(wanted, rows) : rows;
        foreach (int user in Enumerable.Range(0, users).Select(place => (int)((long)place * rows / users)))
        {
            if (split.HeldOut.RowCount(user) == 0 || split.Train.RowCount(user) == 0)
            {
                continue;
            }

            stop.ThrowIfCancellationRequested();
            Users++;
            int positive = split.HeldOut.Row(user)[0];
            using var context = RetrievalContext.OfRow(split.Train, user);
            int count = als.Propose(context, proposed);
            bool isFound = proposed.AsSpan(0, count).ToArray().Any(own => own.Item == positive);
            Found += isFound ? 1 : 0;
            if (!isFound)
            {
                if (_options.Positive == PositivePlace.Found || count < 2)
                {
                    continue;
                }

                als.Score(context, [positive], score);
                proposed[count - 1] = new ScoredItem(positive, score[0]);
            }

            int[] items = [.. proposed.AsSpan(0, count).ToArray().Select(own => own.Item)];
            float[] scores = [.. proposed.AsSpan(0, count).ToArray().Select(own => own.Score)];
            cases.Add(MakeCase(user, items, scores, split.Train.Row(user).ToArray()));
            positives.Add(positive);
        }
    }

    private ReorderCase MakeCase(int user, int[] items, float[] scores, int[] history)
    {
        float[] relevance = (float[])scores.Clone();
        Normaliser.ToUnit(relevance);
        var topics = ListTopics.Of(_topics, items);
        var list = new ShapingList(relevance)
        {
            Topics = topics,
            Taste = topics.TasteOf(history),
            Similarity = ListSimilarity.OfTopics(topics),
            Groups = [.. items.Select(item => _groups[item])],
            Novelty = [.. items.Select(item => (float)_statistics.Novelty[item])],
        };
        return new ReorderCase(user, items, scores, history, list);
    }

    /// <summary>The mean of shuffles: what an order that knows nothing achieves.</summary>
    private ReorderRow Chance(CancellationToken stop)
    {
        var random = new SeededRandom(_options.Seed);
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int shuffle = 0; shuffle < Shuffles; shuffle++)
        {
            ReorderRow row = RowOf("chance", Measure(
                own =>
                {
                    int[] order = Identity(own.Items.Length);
                    random.Shuffle<int>(order);
                    return order;
                },
                stop));
            foreach ((string metric, double value) in row.Metrics)
            {
                sums[metric] = sums.GetValueOrDefault(metric) + value / Shuffles;
            }
        }

        return new ReorderRow { Name = "chance", Metrics = sums };
    }

    /// <summary>
    /// The best there is; metrics without a simple bound are absent. The ideal of topic NDCG is greedy, as that of
    /// alpha-NDCG always is, so an order can beat it by a hair.
    /// </summary>
    private ReorderRow Oracle() => new()
    {
        Name = "oracle",
        Metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [At("hr")] = 1,
            [At("ndcg")] = 1,
            [At("topic_ndcg")] = 1,
            [At("calibration")] = 0,
            [At("mad", _options.K)] = 0,
            [At("mad", _options.Candidates)] = 0,
            [At("exposure_ratio")] = 1,
        },
    };

    private static int[] Checked(string name, ReorderCase own, int[] order)
    {
        bool[] seen = new bool[own.Items.Length];
        bool isPermutation = order.Length == seen.Length;
        foreach (int place in order)
        {
            isPermutation &= (uint)place < (uint)seen.Length && !seen[place];
            if (isPermutation)
            {
                seen[place] = true;
            }
        }

        return isPermutation ? order : throw new InvalidOperationException(
            $"'{name}' gave no permutation of the {seen.Length} candidates of user {own.User}.");
    }

    private static int[] Identity(int count) => [.. Enumerable.Range(0, count)];

    private static AttributeColumn Column(Catalog catalog, string name) => catalog.Attribute(name)
        ?? throw new ArgumentException(
            $"No item has the attribute '{name}'; there are {string.Join(", ", catalog.AttributeNames)}.");

    private string At(string word) => At(word, _options.K);

    private static string At(string word, int cutoff) => string.Create(CultureInfo.InvariantCulture, $"{word}@{cutoff}");
}
