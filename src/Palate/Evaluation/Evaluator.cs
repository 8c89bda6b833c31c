using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Palate;

/// <summary>Judges stages by what was held out, ranking the full catalog for every user.</summary>
/// <remarks>
/// No sampled negatives: they can reverse which of two models is better (Krichene and Rendle, "On sampled metrics for
/// item recommendation", KDD 2020). Users run in parallel; the numbers do not depend on how many threads do.
/// </remarks>
public sealed class Evaluator
{
    private const int UsersPerChunk = 32;
    private const int CurveLength = 100;
    private static readonly double[] BandEnds = [0.01, 0.05, 0.1, 0.2, 0.5, 1];

    private readonly Split _split;
    private readonly EvaluatorOptions _options;
    private readonly TimeProvider _time;
    private readonly Metric[] _metrics;
    private readonly int _depth;
    private readonly ItemStatistics _statistics;
    private readonly int[] _users;

    // The relevant items of each evaluated user in the matrix's order, their grades, and these grades descending.
    private readonly int[][] _relevant;
    private readonly float[][] _grades;
    private readonly float[][] _ideals;
    private readonly int _skipped;

    /// <summary>An evaluator of a split.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="FormatException">A metric's name is not known.</exception>
    public Evaluator(Split split, EvaluatorOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        _split = split;
        _options = options ?? new EvaluatorOptions();
        _time = time ?? TimeProvider.System;
        _metrics = _options.Validate(split.Train.Columns);
        int items = split.Train.Columns;
        _depth = Math.Min(items, Math.Max(_options.Depth, _metrics.Max(metric => metric.Cutoff)));
        _statistics = new ItemStatistics(split.Train);
        var users = new List<int>();
        var relevant = new List<int[]>();
        var grades = new List<float[]>();
        for (int user = 0; user < split.HeldOut.Rows; user++)
        {
            (int[] ownItems, float[] ownGrades) = RelevantTo(user);
            if (ownItems.Length > 0)
            {
                users.Add(user);
                relevant.Add(ownItems);
                grades.Add(ownGrades);
            }
            else
            {
                _skipped++;
            }
        }

        _users = [.. users];
        _relevant = [.. relevant];
        _grades = [.. grades];
        _ideals = [.. grades.Select(own => own.OrderDescending().ToArray())];
    }

    /// <summary>Runs every stage for every user who has something relevant held out.</summary>
    /// <param name="stages">The stages in the order of the pipeline; their names are unique.</param>
    /// <param name="stop">Cancels between users.</param>
    /// <exception cref="InvalidOperationException">A stage returned a list that breaks the contract.</exception>
    public EvaluationReport Run(IReadOnlyList<EvaluationStage> stages, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Select(stage => stage.Name).Distinct(StringComparer.Ordinal).Count() != stages.Count)
        {
            throw new ArgumentException("Two stages have the same name; names must be unique.", nameof(stages));
        }

        DateTimeOffset started = _time.GetUtcNow();
        long start = _time.GetTimestamp();
        var popularity = new EvaluationStage("popularity", RankByPopularity);
        var references = new List<StageResult>
        {
            new ChanceReference(_split, _statistics, _users, _ideals, _options.Similarity).Measure(_metrics, CurveLength),
            Measure(popularity, stop).Result,
        };
        var results = new List<StageResult>();
        var bounds = new List<StageResult>();
        foreach (EvaluationStage stage in stages)
        {
            (StageResult result, StageResult bound) = Measure(stage, stop);
            results.Add(result);
            bounds.Add(bound);
        }

        references.AddRange(bounds);
        references.Add(MeasurePerfect());
        (StageResult[] withIntervals, StageComparison[] comparisons) = Compare(results, stop);
        InteractionMatrix train = _split.Train;
        return new EvaluationReport
        {
            Title = _options.Title,
            Protocol = _split.Protocol,
            Rules = Rules(),
            Seed = _options.Seed,
            Resamples = _options.Resamples,
            Generation = _options.Generation,
            DataHash = _split.ComputeHash(),
            Users = _users.Length,
            SkippedUsers = _skipped,
            UsersWithoutHistory = _users.Count(user => train.RowCount(user) == 0),
            Items = train.Columns,
            TrainInteractions = train.Count,
            HeldOutInteractions = _split.HeldOut.Count,
            Depth = _depth,
            Metrics = [.. _metrics.Select(metric => metric.Name)],
            UserRows = _users,
            Stages = withIntervals,
            References = references,
            Comparisons = comparisons,
            Bands = BandEnds,
            TrainBandShares = BandShares(_statistics.Counts),
            Time = started,
            Seconds = _time.GetElapsedTime(start).TotalSeconds,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            Environment = EvaluationEnvironment.Current,
        };
    }

    /// <summary>Runs one stage alone, without references and intervals: for tuning in a loop.</summary>
    /// <exception cref="InvalidOperationException">The stage returned a list that breaks the contract.</exception>
    public StageResult MeasureStage(EvaluationStage stage, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return Measure(stage, stop).Result;
    }

    private (int[] Items, float[] Grades) RelevantTo(int user)
    {
        ReadOnlySpan<int> items = _split.HeldOut.Row(user);
        ReadOnlySpan<float> values = _split.HeldOut.RowValues(user);
        var relevant = new List<int>();
        var grades = new List<float>();
        for (int place = 0; place < items.Length; place++)
        {
            if (values[place] > 0 && values[place] >= _options.RelevantFrom)
            {
                relevant.Add(items[place]);
                grades.Add(values[place]);
            }
        }

        return ([.. relevant], [.. grades]);
    }

    private string Rules()
    {
        string relevance = _options.RelevantFrom > 0
            ? string.Create(CultureInfo.InvariantCulture, $"held-out values from {_options.RelevantFrom} are relevant")
            : "everything held out is relevant";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"full ranking of {_split.Train.Columns:N0} items without the user's training items; {relevance}");
    }

    private int RankByPopularity(int user, Span<int> destination)
    {
        ReadOnlySpan<int> known = _split.Train.Row(user);
        int count = 0;
        foreach (int item in _statistics.ByPopularity)
        {
            if (count == destination.Length)
            {
                break;
            }

            if (known.BinarySearch(item) < 0)
            {
                destination[count++] = item;
            }
        }

        return count;
    }

    /// <summary>The stage's result, and that of the best order of its own candidates.</summary>
    private (StageResult Result, StageResult Bound) Measure(EvaluationStage stage, CancellationToken stop)
    {
        long start = _time.GetTimestamp();
        var own = new Tally(_metrics, _users.Length, CurveLength);
        var best = new Tally([.. _metrics.Where(metric => metric.IsAccuracy)], _users.Length, CurveLength);
        var exposures = new Dictionary<int, int[]> { [10] = new int[_split.Train.Columns] };
        var groupSums = new Dictionary<int, double[]>();
        foreach (Metric metric in _metrics.Where(metric => metric.Kind == MetricKind.GroupGap))
        {
            groupSums.Add(metric.Cutoff, new double[4 * _users.Length]);
        }

        foreach (Metric metric in _metrics.Where(metric => metric.Kind is MetricKind.Coverage or MetricKind.Gini))
        {
            exposures.TryAdd(metric.Cutoff, new int[_split.Train.Columns]);
        }

        try
        {
            Parallel.For(
                0,
                (_users.Length + UsersPerChunk - 1) / UsersPerChunk,
                new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = stop },
                () => new Scratch(_split.Train.Columns, _depth),
                (chunk, _, scratch) =>
                {
                    int end = Math.Min((chunk + 1) * UsersPerChunk, _users.Length);
                    for (int place = chunk * UsersPerChunk; place < end; place++)
                    {
                        MeasureUser(stage, place, scratch, own, best, exposures, groupSums);
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
            _ => PooledGap(groupSums[metric.Cutoff]),
        });
        StageResult bound = best.Summarise(
            string.Create(CultureInfo.InvariantCulture, $"oracle of {stage.Name} ({_depth} candidates)"));
        double seconds = _time.GetElapsedTime(start).TotalSeconds;
        return (result with { Seconds = seconds, BandShares = BandShares(exposures[10]) }, bound);
    }

    private void MeasureUser(
        EvaluationStage stage,
        int place,
        Scratch scratch,
        Tally own,
        Tally best,
        Dictionary<int, int[]> exposures,
        Dictionary<int, double[]> groupSums)
    {
        int user = _users[place];
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
            int found = Array.BinarySearch(_relevant[place], list[rank]);
            grades[rank] = found < 0 ? 0 : _grades[place][found];
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
            ListMetrics.AddGroupScores(list[..Math.Min(cutoff, count)], _options.Groups!, sums.AsSpan(4 * place, 4));
        }

        for (int index = 0; index < _metrics.Length; index++)
        {
            Metric metric = _metrics[index];
            if (!metric.IsAggregate)
            {
                own.PerUser[index][place] = metric.IsAccuracy
                    ? metric.Evaluate(grades, _ideals[place])
                    : OfList(metric, place, list[..Math.Min(metric.Cutoff, count)]);
            }
        }

        own.AddCurves(place, grades, _ideals[place]);
        grades.Sort(static (a, b) => b.CompareTo(a));
        best.AddAccuracy(place, grades, _ideals[place]);
    }

    private void Check(string stage, int user, ReadOnlySpan<int> list, bool[] seen)
    {
        string? fault = null;
        foreach (int item in list)
        {
            fault ??= (uint)item >= (uint)seen.Length ? $"{item}, which is not in the catalog of {seen.Length}"
                : seen[item] ? $"{item} twice"
                : _split.Train.Row(user).BinarySearch(item) >= 0 ? $"{item}, which is among the user's training items"
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
                return ListMetrics.Novelty(list, _statistics);
            case MetricKind.Popularity:
                return ListMetrics.Popularity(list, _statistics);
            case MetricKind.Tail:
                return ListMetrics.Tail(list, _statistics);
            case MetricKind.AlphaNdcg:
                return ListMetrics.AlphaNdcg(list, _relevant[place], _options.Topics!, metric.Cutoff);
            case MetricKind.GroupGapPerUser:
                Span<double> sums = stackalloc double[4];
                sums.Clear();
                ListMetrics.AddGroupScores(list, _options.Groups!, sums);
                return ListMetrics.GroupGap(sums);
            default:
                return ListMetrics.Diversity(list, _options.Similarity!);
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

    /// <summary>The bound of the full catalog: everything relevant first, the best grades before the others.</summary>
    private StageResult MeasurePerfect()
    {
        var tally = new Tally([.. _metrics.Where(metric => metric.IsAccuracy)], _users.Length, CurveLength);
        for (int place = 0; place < _users.Length; place++)
        {
            int available = _split.Train.Columns - _split.Train.RowCount(_users[place]);
            float[] grades = new float[Math.Min(_depth, available)];
            _ideals[place].AsSpan(0, Math.Min(grades.Length, _ideals[place].Length)).CopyTo(grades);
            tally.AddAccuracy(place, grades, _ideals[place]);
        }

        return tally.Summarise("oracle of the catalog");
    }

    private (StageResult[] Results, StageComparison[] Comparisons) Compare(
        List<StageResult> results, CancellationToken stop)
    {
        string[] names = [.. _metrics.Where(metric => !metric.IsAggregate).Select(metric => metric.Name)];
        var pairs = new List<(int Baseline, int Stage)>();
        for (int stage = 1; stage < results.Count; stage++)
        {
            pairs.Add((0, stage));
            if (stage > 1)
            {
                pairs.Add((stage - 1, stage));
            }
        }

        var series = new List<double[]>();
        series.AddRange(results.SelectMany(result => names.Select(name => result.PerUser[name])));
        foreach ((int baseline, int stage) in pairs)
        {
            series.AddRange(names.Select(name => results[stage].PerUser[name]
                .Zip(results[baseline].PerUser[name], (after, before) => after - before).ToArray()));
        }

        (MetricInterval Interval, double PValue)[] found =
            PairedBootstrap.Run(series, _options.Resamples, _options.Seed, _options.Threads, stop);
        var withIntervals = new StageResult[results.Count];
        int next = 0;
        for (int stage = 0; stage < results.Count; stage++)
        {
            var intervals = new Dictionary<string, MetricInterval>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                MetricInterval interval = found[next++].Interval;
                if (!double.IsNaN(interval.Low))
                {
                    intervals.Add(name, interval);
                }
            }

            withIntervals[stage] = results[stage] with { Intervals = intervals };
        }

        var comparisons = new List<StageComparison>();
        foreach ((int baseline, int stage) in pairs)
        {
            foreach (string name in names)
            {
                double difference = Tally.Mean(series[next]);
                ((double low, double high), double pValue) = found[next++];
                if (!double.IsNaN(difference))
                {
                    comparisons.Add(new StageComparison(
                        results[baseline].Name, results[stage].Name, name, difference, low, high, pValue));
                }
            }
        }

        return (withIntervals, [.. comparisons]);
    }

    private double[] BandShares(int[] exposures)
    {
        double total = exposures.Sum(exposure => (double)exposure);
        double[] shares = new double[BandEnds.Length];
        int band = 0;
        for (int place = 0; place < exposures.Length; place++)
        {
            while (place >= Math.Ceiling(BandEnds[band] * exposures.Length))
            {
                band++;
            }

            shares[band] += total == 0 ? 0 : exposures[_statistics.ByPopularity[place]] / total;
        }

        return shares;
    }

    private sealed class Scratch(int items, int depth)
    {
        public int[] Items { get; } = new int[depth];

        public float[] Grades { get; } = new float[depth];

        public bool[] Seen { get; } = new bool[items];
    }
}
