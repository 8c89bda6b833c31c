using System.Numerics.Tensors;

namespace Palate;

/// <summary>Chooses the weight of the base by cross-fitting and proves its gain by the paired bootstrap.</summary>
/// <remarks>
/// The best of many weights looks better than it is on the requests that chose it. So each fold of requests is measured
/// with the weight that the other folds chose, and only these measurements decide whether trust was earned. Costs one
/// sort per request and step, and one dot product of the requests per step and resample.
/// </remarks>
internal sealed class TrustLearner
{
    private const int Folds = 5;

    // Training runs again and again, and an interval of 95 % is wrong on one side in one of 40: trust must be earned
    // with 99 %, whose half-width is this much wider under the normal distribution.
    private const double Strictness = 2.576 / 1.960;

    private readonly TrustOptions _options;
    private readonly string[] _segments;
    private readonly int[] _folds;

    // step s of request r is at [s][r]: NDCG with alpha = s / Steps; the last step is the base alone
    private readonly double[][] _ndcg;

    private TrustLearner(IReadOnlyList<TrustSample> samples, TrustOptions options, CancellationToken stop)
    {
        _options = options;
        _segments = [.. samples.Select(sample => sample.Segment)];
        _ndcg = [.. Enumerable.Range(0, options.Steps + 1).Select(_ => new double[samples.Count])];
        Parallel.For(0, samples.Count, new ParallelOptions { CancellationToken = stop }, request =>
        {
            for (int step = 0; step <= options.Steps; step++)
            {
                var blend = new Blend { Alpha = Alpha(step), Normalisation = options.Normalisation };
                _ndcg[step][request] = Ndcg(samples[request], blend, options.Top);
            }
        });

        _folds = [.. Enumerable.Range(0, samples.Count).Select(request => request % Folds)];
        new SeededRandom(options.Seed).Shuffle(_folds.AsSpan());
    }

    private int Requests => _folds.Length;

    public static Trust Learn(IReadOnlyList<TrustSample> samples, TrustOptions options, CancellationToken stop)
    {
        TrustSample[] telling = [.. samples.Where(Check).Where(sample => sample.Labels.Any(label => label > 0))];
        var learner = new TrustLearner(telling, options, stop);
        double[] gains = learner.CrossFit(learner.All(), null);
        MetricInterval gain = learner.Interval(gains, stop);
        LearnedAlpha whole = learner.Decide(learner.All(), null, gains, gain, options.MinRequests, stop);

        var segments = new SortedDictionary<string, LearnedAlpha>(StringComparer.Ordinal);
        foreach (IGrouping<string, TrustSample> group in telling.GroupBy(sample => sample.Segment))
        {
            if (group.Key.Length > 0 && group.Count() >= options.MinSegment)
            {
                segments.Add(group.Key, learner.OfSegment(group.Key, gain, stop));
            }
        }

        return new Trust(options.Normalisation, whole, segments);
    }

    /// <summary>NDCG of one request's blended order, ties by candidate.</summary>
    internal static double Ndcg(TrustSample sample, Blend blend, int top)
    {
        float[] scores = blend.Scores(sample.Base, sample.Evidence);
        float[] keys = [.. scores.Select(score => -score)];
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        MemoryExtensions.Sort(order.AsSpan(), (a, b) => (keys[a], a).CompareTo((keys[b], b)));
        float[] grades = [.. order.Take(top).Select(candidate => sample.Labels[candidate])];
        float[] ideal = [.. sample.Labels.Where(label => label > 0).OrderDescending()];
        return RankingMetrics.Ndcg(grades, ideal, top, Gain.Linear);
    }

    private LearnedAlpha OfSegment(string segment, MetricInterval wholeGain, CancellationToken stop)
    {
        bool[] members = [.. _segments.Select(own => own == segment)];
        int count = members.Count(member => member);
        double[] gains = CrossFit(members, _options.Shrinkage);
        MetricInterval own = Interval([.. gains.Where((_, request) => members[request])], stop);

        // The interval of a segment leans on that of the whole as the estimate does.
        double share = count / (count + _options.Shrinkage);
        var shrunk = new MetricInterval(
            share * own.Low + (1 - share) * wholeGain.Low, share * own.High + (1 - share) * wholeGain.High);
        return Decide(members, _options.Shrinkage, gains, shrunk, _options.MinSegment, stop);
    }

    private LearnedAlpha Decide(
        bool[] members, double? shrinkage, double[] gains, MetricInterval interval, int least, CancellationToken stop)
    {
        int count = members.Count(member => member);
        double mean = count == 0
            ? double.NaN
            : gains.Where((_, request) => members[request]).Average();
        double middle = (interval.Low + interval.High) / 2;
        bool earned = count >= least && mean > 0 && middle - Strictness * (middle - interval.Low) > 0;
        double alpha = earned ? Alpha(Best(Weights(members, shrinkage))) : 1;
        return new LearnedAlpha(alpha, AlphaInterval(members, shrinkage, stop), mean, interval, count);
    }

    /// <summary>The gain of each member with the weight that the other folds chose; 0 for all others.</summary>
    private double[] CrossFit(bool[] members, double? shrinkage)
    {
        double[] gains = new double[Requests];
        for (int fold = 0; fold < Folds; fold++)
        {
            double[] weights = Weights([.. members.Select((member, request) => member && _folds[request] != fold)],
                shrinkage, fold);
            int best = Best(weights);
            for (int request = 0; request < Requests; request++)
            {
                if (members[request] && _folds[request] == fold)
                {
                    gains[request] = _ndcg[best][request] - _ndcg[^1][request];
                }
            }
        }

        return gains;
    }

    /// <summary>How much each request counts: members one, and all together as much as the shrinkage says.</summary>
    private double[] Weights(bool[] members, double? shrinkage, int without = -1)
    {
        int all = _folds.Count(fold => fold != without);
        double share = all == 0 ? 0 : (shrinkage ?? 0) / all;
        return [.. members.Select((member, request) => (member ? 1 : 0) + (_folds[request] != without ? share : 0))];
    }

    /// <summary>The step with the highest weighted NDCG; of equal ones that nearest to the base.</summary>
    private int Best(ReadOnlySpan<double> weights)
    {
        int best = _options.Steps;
        double highest = TensorPrimitives.Dot(weights, _ndcg[best]);
        for (int step = _options.Steps - 1; step >= 0 && Alpha(step) >= _options.LeastAlpha; step--)
        {
            double value = TensorPrimitives.Dot(weights, _ndcg[step]);
            if (value > highest)
            {
                (best, highest) = (step, value);
            }
        }

        return best;
    }

    private MetricInterval Interval(double[] gains, CancellationToken stop) => PairedBootstrap.Run(
        [gains], _options.Resamples, _options.Seed, Environment.ProcessorCount, stop)[0].Interval;

    private MetricInterval AlphaInterval(bool[] members, double? shrinkage, CancellationToken stop)
    {
        double[] weights = Weights(members, shrinkage);
        double[] alphas = new double[_options.Resamples];
        if (Requests == 0)
        {
            return new MetricInterval(1, 1);
        }

        Parallel.For(0, alphas.Length, new ParallelOptions { CancellationToken = stop }, sample =>
        {
            var random = new SeededRandom(_options.Seed ^ ((ulong)sample + 1) * 0xD1342543DE82EF95);
            double[] drawn = new double[Requests];
            for (int draw = 0; draw < Requests; draw++)
            {
                int request = random.Next(Requests);
                drawn[request] += weights[request];
            }

            alphas[sample] = Alpha(Best(drawn));
        });
        Array.Sort(alphas);
        return new MetricInterval(alphas[(int)(0.025 * alphas.Length)], alphas[(int)(0.975 * alphas.Length)]);
    }

    private double Alpha(int step) => (double)step / _options.Steps;

    private bool[] All() => [.. _folds.Select(_ => true)];

    private static bool Check(TrustSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        bool fits = sample.Labels.Length == sample.Base.Length &&
            (sample.Evidence.Length == 0 || sample.Evidence.Length == sample.Base.Length);
        return fits
            ? true
            : throw new ArgumentException(
                $"A sample has {sample.Base.Length} base scores, {sample.Evidence.Length} utilities and " +
                $"{sample.Labels.Length} labels; give one of each per candidate.");
    }
}
