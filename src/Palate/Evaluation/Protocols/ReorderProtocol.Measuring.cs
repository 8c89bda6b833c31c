namespace Palate;

/// <content>Measures an order of all cases, and compares it with the base order.</content>
public sealed partial class ReorderProtocol
{
    private Measured Measure(Func<ReorderCase, int[]> order, CancellationToken stop)
    {
        int k = _options.K;
        var measured = new Measured(UserMetrics, _cases.Length, Items);
        long ticks = 0;
        for (int index = 0; index < _cases.Length; index++)
        {
            stop.ThrowIfCancellationRequested();
            ReorderCase own = _cases[index];
            long start = _time.GetTimestamp();
            int[] places = order(own);
            ticks += _time.GetTimestamp() - start;
            int[] list = [.. places.Select(place => own.Items[place])];
            ReadOnlySpan<int> top = list.AsSpan(0, Math.Min(k, list.Length));
            int rank = Array.IndexOf(list, _positives[index]) + 1;
            measured[At("hr")][index] = rank <= k ? 1 : 0;
            measured[At("ndcg")][index] = rank <= k ? 1 / Math.Log2(rank + 1) : 0;
            measured[At("topic_ndcg")][index] = ListMetrics.TopicNdcg(list, _topics, k);
            measured[At("ild")][index] = ListMetrics.Diversity(top, _similarity);
            measured[At("topic_entropy")][index] = ListMetrics.TopicEntropy(top, _topics);
            measured[At("calibration")][index] = ListMetrics.Calibration(top, own.History, _topics);
            measured[At("novelty")][index] = ListMetrics.Novelty(top, _statistics);
            Span<double> sums = measured.TopSums.AsSpan(4 * index, 4);
            ListMetrics.AddGroupScores(top, _groups, sums);
            measured[At("mad_user", k)][index] = ListMetrics.GroupGap(sums);
            sums = measured.AllSums.AsSpan(4 * index, 4);
            ListMetrics.AddGroupScores(list, _groups, sums);
            measured[At("mad_user", _options.Candidates)][index] = ListMetrics.GroupGap(sums);
            ListMetrics.AddExposure(top, _groups, measured.Exposure);
            foreach (int item in list)
            {
                measured.Due[0] += _groups[item] == 0 ? 1 : 0;
                measured.Due[1] += _groups[item] == 1 ? 1 : 0;
            }

            foreach (int item in top)
            {
                measured.Shown[item]++;
            }
        }

        measured.Seconds = ticks / (double)_time.TimestampFrequency;
        return measured;
    }

    private ReorderRow RowOf(string name, Measured own)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var perUser = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (string metric in UserMetrics)
        {
            perUser[metric] = own[metric];
            Add(metrics, metric, Tally.Mean(own[metric]));
        }

        Add(metrics, At("mad", _options.K), Pooled(own.TopSums));
        Add(metrics, At("mad", _options.Candidates), Pooled(own.AllSums));
        Add(metrics, At("exposure_ratio"), ListMetrics.ExposureRatio(own.Exposure, own.Due));
        Add(metrics, At("coverage"), ListMetrics.Coverage(own.Shown));
        Add(metrics, At("gini"), ListMetrics.Gini(own.Shown));
        return new ReorderRow
        {
            Name = name,
            Metrics = metrics,
            PerUser = perUser,
            Sums = new Dictionary<string, double[]>(StringComparer.Ordinal)
            {
                [At("mad", _options.K)] = own.TopSums,
                [At("mad", _options.Candidates)] = own.AllSums,
            },
            Seconds = own.Seconds,
        };
    }

    /// <summary>
    /// The differences between two rows of this protocol, paired by user, for the metrics that users have and for pooled
    /// MAD.
    /// </summary>
    /// <param name="own">A row.</param>
    /// <param name="other">The one that is taken away from it.</param>
    /// <param name="stop">Cancels the bootstrap.</param>
    public IReadOnlyDictionary<string, ReorderDifference> Between(
        ReorderRow own, ReorderRow other, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(other);
        return Compare(metric => own.PerUser[metric], own.Sums, metric => other.PerUser[metric], other.Sums, stop);
    }

    private Dictionary<string, ReorderDifference> Compare(
        Func<string, double[]> own,
        IReadOnlyDictionary<string, double[]> ownSums,
        Func<string, double[]> other,
        IReadOnlyDictionary<string, double[]> otherSums,
        CancellationToken stop)
    {
        Dictionary<string, ReorderDifference> differences = Intervals(own, other, stop);
        foreach ((string metric, double[] sums) in ownSums)
        {
            ComparePooled(metric, sums, otherSums[metric], differences);
        }

        return differences;
    }

    private Dictionary<string, ReorderDifference> Intervals(
        Func<string, double[]> own, Func<string, double[]> other, CancellationToken stop)
    {
        string[] names = UserMetrics;
        double[][] series = [.. names.Select(metric => ByUser([.. own(metric).Zip(other(metric), (a, b) => a - b)]))];
        (MetricInterval Interval, double PValue)[] found =
            PairedBootstrap.Run(series, _options.Resamples, _options.Seed, Environment.ProcessorCount, stop);
        var differences = new Dictionary<string, ReorderDifference>(StringComparer.Ordinal);
        for (int index = 0; index < names.Length; index++)
        {
            double mean = Tally.Mean(series[index]);
            if (!double.IsNaN(mean))
            {
                differences[names[index]] =
                    new ReorderDifference(mean, found[index].Interval.Low, found[index].Interval.High);
            }
        }

        return differences;
    }

    // What is drawn twice for a user is no more independent than he is: his cases are drawn together. Their sum is
    // scaled so that the mean over users is the mean over cases, which is what the table shows.
    private double[] ByUser(double[] series)
    {
        double[][] told = [.. _ofUsers.Select(own => own.Select(place => series[place]).Where(value => !double.IsNaN(value)).ToArray())];
        double share = told.Count(own => own.Length > 0) / (double)Math.Max(1, told.Sum(own => own.Length));
        return [.. told.Select(own => own.Length > 0 ? share * own.Sum() : double.NaN)];
    }

    // A pooled metric is no mean over users: each sample of the users pools anew, for both orders.
    private void ComparePooled(
        string metric, double[] own, double[] reference, Dictionary<string, ReorderDifference> differences)
    {
        double[] samples = new double[_options.Resamples];
        double[] ownUsers = SumsByUser(own);
        double[] referenceUsers = SumsByUser(reference);
        Span<double> first = stackalloc double[4];
        Span<double> second = stackalloc double[4];
        for (int sample = 0; sample < samples.Length; sample++)
        {
            var random = new SeededRandom(_options.Seed ^ ((ulong)sample + 1) * 0xD1342543DE82EF95);
            first.Clear();
            second.Clear();
            for (int draw = 0; draw < _ofUsers.Length; draw++)
            {
                int user = random.Next(_ofUsers.Length);
                for (int sum = 0; sum < 4; sum++)
                {
                    first[sum] += ownUsers[4 * user + sum];
                    second[sum] += referenceUsers[4 * user + sum];
                }
            }

            samples[sample] = ListMetrics.GroupGap(first) - ListMetrics.GroupGap(second);
        }

        double mean = Pooled(own) - Pooled(reference);
        samples = [.. samples.Where(sample => !double.IsNaN(sample)).Order()];
        if (samples.Length > 0 && !double.IsNaN(mean))
        {
            differences[metric] = new ReorderDifference(
                mean, samples[(int)(0.025 * samples.Length)], samples[(int)(0.975 * (samples.Length - 1))]);
        }
    }

    private double[] SumsByUser(double[] sums)
    {
        double[] users = new double[4 * _ofUsers.Length];
        for (int user = 0; user < _ofUsers.Length; user++)
        {
            foreach (int place in _ofUsers[user])
            {
                for (int sum = 0; sum < 4; sum++)
                {
                    users[4 * user + sum] += sums[4 * place + sum];
                }
            }
        }

        return users;
    }

    private static double Pooled(double[] sums)
    {
        Span<double> total = stackalloc double[4];
        total.Clear();
        for (int place = 0; place < sums.Length; place++)
        {
            total[place % 4] += sums[place];
        }

        return ListMetrics.GroupGap(total);
    }

    private static void Add(Dictionary<string, double> metrics, string metric, double value)
    {
        if (!double.IsNaN(value))
        {
            metrics[metric] = value;
        }
    }

    /// <summary>What an order achieved, user by user, and the sums of what is pooled.</summary>
    private sealed class Measured(string[] metrics, int users, int items)
    {
        private readonly Dictionary<string, double[]> _values =
            metrics.Distinct().ToDictionary(metric => metric, _ => new double[users], StringComparer.Ordinal);

        public double[] TopSums { get; } = new double[4 * users];

        public double[] AllSums { get; } = new double[4 * users];

        public double[] Exposure { get; } = new double[2];

        public double[] Due { get; } = new double[2];

        public int[] Shown { get; } = new int[items];

        public double Seconds { get; set; }

        public double[] this[string metric] => _values[metric];
    }
}
