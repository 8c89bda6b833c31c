using System.Diagnostics;
using System.Globalization;

namespace Palate;

/// <summary>Judges stages by what was held out, ranking the full catalog for every user.</summary>
/// <remarks>
/// No sampled negatives: they can reverse which of two models is better (Krichene and Rendle, "On sampled metrics for
/// item recommendation", KDD 2020). Users run in parallel; the numbers do not depend on how many threads do.
/// </remarks>
public sealed class Evaluator
{
    private readonly Split _split;
    private readonly EvaluatorOptions _options;
    private readonly TimeProvider _time;
    private readonly Metric[] _metrics;
    private readonly int _depth;
    private readonly ItemStatistics _statistics;
    private readonly JudgedUsers _users;
    private readonly StageMeasurement _measurement;

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
        _users = new JudgedUsers(split.HeldOut, _options.RelevantFrom);
        _measurement = new StageMeasurement(split.Train, _users, _statistics, _metrics, _depth, _options, _time);
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
            new ChanceReference(_split.Train, _statistics, _users, _options.Similarity).Measure(_metrics),
            _measurement.Run(popularity, stop).Result,
        };
        var results = new List<StageResult>();
        var bounds = new List<StageResult>();
        foreach (EvaluationStage stage in stages)
        {
            (StageResult result, StageResult bound) = _measurement.Run(stage, stop);
            results.Add(result);
            bounds.Add(bound);
        }

        references.AddRange(bounds);
        references.Add(MeasurePerfect());
        (StageResult[] withIntervals, StageComparison[] comparisons) =
            StageComparer.Run(results, _metrics, _options, stop);
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
            Users = _users.Count,
            SkippedUsers = _users.Skipped,
            UsersWithoutHistory = _users.Rows.Count(user => train.RowCount(user) == 0),
            Items = train.Columns,
            TrainInteractions = train.Count,
            HeldOutInteractions = _split.HeldOut.Count,
            Depth = _depth,
            Metrics = [.. _metrics.Select(metric => metric.Name)],
            UserRows = _users.Rows,
            Stages = withIntervals,
            References = references,
            Comparisons = comparisons,
            Bands = PopularityBands.Ends,
            TrainBandShares = PopularityBands.Shares(_statistics.Counts, _statistics.ByPopularity),
            Time = started,
            Seconds = _time.GetElapsedTime(start).TotalSeconds,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            Environment = EvaluationEnvironment.Current,
        };
    }

    private string Rules()
    {
        string relevance = _options.RelevantFrom > 0
            ? string.Create(CultureInfo.InvariantCulture, $"held-out values from {_options.RelevantFrom} are relevant")
            : "everything held out with a value above 0 is relevant";
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

    /// <summary>The bound of the full catalog: everything relevant first, the best grades before the others.</summary>
    private StageResult MeasurePerfect()
    {
        var tally = new Tally([.. _metrics.Where(metric => metric.IsAccuracy)], _users.Count);
        for (int place = 0; place < _users.Count; place++)
        {
            int available = _split.Train.Columns - _split.Train.RowCount(_users.Rows[place]);
            float[] grades = new float[Math.Min(_depth, available)];
            _users.Ideals[place].AsSpan(0, Math.Min(grades.Length, _users.Ideals[place].Length)).CopyTo(grades);
            tally.AddAccuracy(place, grades, _users.Ideals[place]);
        }

        return tally.Summarise("oracle of the catalog");
    }
}
