namespace Palate;

/// <summary>Adds intervals to stages, and compares each with the first and with the one before it.</summary>
internal static class StageComparer
{
    public static (StageResult[] Results, StageComparison[] Comparisons) Run(
        IReadOnlyList<StageResult> results, Metric[] metrics, EvaluatorOptions options, CancellationToken stop)
    {
        string[] names = [.. metrics.Where(metric => !metric.IsAggregate).Select(metric => metric.Name)];
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
            PairedBootstrap.Run(series, options.Resamples, options.Seed, options.Threads, stop);
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
}
