using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Palate;

/// <summary>Runs a stage for all users, checks its lists, and measures them.</summary>
internal sealed class StageMeasurement(
    InteractionMatrix train,
    JudgedUsers users,
    ItemStatistics statistics,
    Metric[] metrics,
    int depth,
    EvaluatorOptions options,
    TimeProvider time)
{
    private const int UsersPerChunk = 32;

    /// <summary>The stage's result, and that of the best order of its own candidates.</summary>
    public (StageResult Result, StageResult Bound) Run(EvaluationStage stage, CancellationToken stop)
    {
        long start = time.GetTimestamp();
        var own = new Tally(metrics, users.Count);
        var best = new Tally([.. metrics.Where(metric => metric.IsAccuracy)], users.Count);
        var exposures = new Dictionary<int, int[]> { [10] = new int[train.Columns] };
        var groupSums = new Dictionary<int, double[]>();
        var attention = new Dictionary<int, double[]>();
        foreach (Metric metric in metrics.Where(metric => metric.Kind == MetricKind.ExposureRatio))
        {
            attention.Add(metric.Cutoff, new double[2 * users.Count]);
        }

        foreach (Metric metric in metrics.Where(metric => metric.Kind == MetricKind.GroupGap))
        {
            groupSums.Add(metric.Cutoff, new double[4 * users.Count]);
        }

        foreach (Metric metric in metrics.Where(metric =>
            metric.Kind is MetricKind.Coverage or MetricKind.Gini or MetricKind.Entropy))
        {
            exposures.TryAdd(metric.Cutoff, new int[train.Columns]);
        }

        try
        {
            Parallel.For(
                0,
                (users.Count + UsersPerChunk - 1) / UsersPerChunk,
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop },
                () => new Scratch(train.Columns, depth),
                (chunk, _, scratch) =>
                {
                    int end = Math.Min((chunk + 1) * UsersPerChunk, users.Count);
                    for (int place = chunk * UsersPerChunk; place < end; place++)
                    {
                        MeasureUser(stage, place, scratch, own, best, exposures, groupSums, attention);
                    }

                    return scratch;
                },
                _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        StageResult result = own.Summarise(stage.Name, metric => metric.Kind switch
        {
            MetricKind.Coverage => ListMetrics.Coverage(exposures[metric.Cutoff]),
            MetricKind.Gini => ListMetrics.Gini(exposures[metric.Cutoff]),
            MetricKind.Entropy => ListMetrics.Entropy(exposures[metric.Cutoff]),
            MetricKind.ExposureRatio => RatioOfGroups(attention[metric.Cutoff]),
            _ => PooledGap(groupSums[metric.Cutoff]),
        });
        StageResult bound = best.Summarise(
            string.Create(CultureInfo.InvariantCulture, $"oracle of {stage.Name} ({depth} candidates)"));
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return (result with { Seconds = seconds, BandShares = PopularityBands.Shares(exposures[10], statistics.ByPopularity) }, bound);
    }

    private void MeasureUser(
        EvaluationStage stage,
        int place,
        Scratch scratch,
        Tally own,
        Tally best,
        Dictionary<int, int[]> exposures,
        Dictionary<int, double[]> groupSums,
        Dictionary<int, double[]> attention)
    {
        int user = users.Rows[place];
        int count = stage.Rank(user, scratch.Items);
        if (count < 0 || count > scratch.Items.Length)
        {
            throw new InvalidOperationException(
                $"Stage '{stage.Name}' says that it ranked {count} items for user {user}; it was asked for at most "
                + $"{scratch.Items.Length}.");
        }

        ReadOnlySpan<int> list = scratch.Items.AsSpan(0, count);
        Check(stage.Name, user, list, scratch.Seen);
        Span<float> grades = scratch.Grades.AsSpan(0, count);
        for (int rank = 0; rank < count; rank++)
        {
            int found = Array.BinarySearch(users.Relevant[place], list[rank]);
            grades[rank] = found < 0 ? 0 : users.Grades[place][found];
        }

        foreach ((int cutoff, int[] shown) in exposures)
        {
            foreach (int item in list[..Math.Min(cutoff, count)])
            {
                Interlocked.Increment(ref shown[item]);
            }
        }

        foreach ((int cutoff, double[] sums) in groupSums)
        {
            ListMetrics.AddGroupScores(list[..Math.Min(cutoff, count)], options.Groups!, sums.AsSpan(4 * place, 4));
        }

        foreach ((int cutoff, double[] sums) in attention)
        {
            ListMetrics.AddExposure(list[..Math.Min(cutoff, count)], options.Groups!, sums.AsSpan(2 * place, 2));
        }

        for (int index = 0; index < metrics.Length; index++)
        {
            Metric metric = metrics[index];
            if (!metric.IsAggregate)
            {
                own.PerUser[index][place] = metric.IsAccuracy
                    ? metric.Evaluate(grades, users.Ideals[place])
                    : OfList(metric, place, list[..Math.Min(metric.Cutoff, count)]);
            }
        }

        own.AddCurves(place, grades, users.Ideals[place]);
        grades.Sort(static (a, b) => b.CompareTo(a));
        best.AddAccuracy(place, grades, users.Ideals[place]);
    }

    private void Check(string stage, int user, ReadOnlySpan<int> list, bool[] seen)
    {
        string? fault = null;
        foreach (int item in list)
        {
            fault ??= (uint)item >= (uint)seen.Length ? $"{item}, which is not in the catalog of {seen.Length}"
                : seen[item] ? $"{item} twice"
                : train.Row(user).BinarySearch(item) >= 0 ? $"{item}, which is among the user's training items"
                : null;
            if (fault is not null)
            {
                throw new InvalidOperationException(
                    $"Stage '{stage}' ranked item {fault}, for user {user}; a stage ranks each item once, from the "
                    + "catalog, without the user's training items.");
            }

            seen[item] = true;
        }

        foreach (int item in list)
        {
            seen[item] = false;
        }
    }

    private double OfList(Metric metric, int place, ReadOnlySpan<int> list)
    {
        switch (metric.Kind)
        {
            case MetricKind.Novelty:
                return ListMetrics.Novelty(list, statistics);
            case MetricKind.Popularity:
                return ListMetrics.Popularity(list, statistics);
            case MetricKind.Tail:
                return ListMetrics.Tail(list, statistics);
            case MetricKind.AlphaNdcg:
                return ListMetrics.AlphaNdcg(list, users.Relevant[place], options.Topics!, metric.Cutoff);
            case MetricKind.TopicEntropy:
                return ListMetrics.TopicEntropy(list, options.Topics!);
            case MetricKind.Calibration:
                return ListMetrics.Calibration(list, train.Row(users.Rows[place]), options.Topics!);
            case MetricKind.GroupGapPerUser:
                Span<double> sums = stackalloc double[4];
                sums.Clear();
                ListMetrics.AddGroupScores(list, options.Groups!, sums);
                return ListMetrics.GroupGap(sums);
            default:
                return ListMetrics.Diversity(list, options.Similarity!);
        }
    }

    // Added up in the order of the users, so that the last digit does not depend on the threads.
    private static double PooledGap(double[] sums)
    {
        Span<double> total = stackalloc double[4];
        total.Clear();
        for (int place = 0; place < sums.Length; place++)
        {
            total[place % 4] += sums[place];
        }

        return ListMetrics.GroupGap(total);
    }

    // What is due to a group is its share of the catalog.
    private double RatioOfGroups(double[] sums)
    {
        Span<double> got = stackalloc double[2];
        Span<double> due = stackalloc double[2];
        got.Clear();
        due.Clear();
        for (int place = 0; place < sums.Length; place++)
        {
            got[place % 2] += sums[place];
        }

        foreach (int group in options.Groups!)
        {
            if (group >= 0)
            {
                due[group]++;
            }
        }

        return ListMetrics.ExposureRatio(got, due);
    }

    private sealed class Scratch(int items, int depth)
    {
        public int[] Items { get; } = new int[depth];

        public float[] Grades { get; } = new float[depth];

        public bool[] Seen { get; } = new bool[items];
    }
}
