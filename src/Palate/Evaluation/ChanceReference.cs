namespace Palate;

/// <summary>What a uniformly random order of the catalog achieves on average, computed and not sampled.</summary>
/// <remarks>
/// With N rankable items of which n are relevant, a place holds a relevant item with probability n / N, and two places
/// both do with n (n - 1) / (N (N - 1)). The Gini index, alpha-NDCG, the entropies, the
/// calibration and what is between groups have no simple expectation and are left out.
/// </remarks>
internal sealed class ChanceReference(
    InteractionMatrix train, ItemStatistics statistics, JudgedUsers users, Func<int, int, float>? similarity)
{
    // The expected diversity needs the similarity of every pair of the catalog; above this it is left out.
    private const int MostItemsForPairs = 5_000;

    public StageResult Measure(Metric[] metrics)
    {
        Metric[] measured = [.. metrics.Where(HasExpectation)];
        var tally = new Tally(measured, users.Count);
        double[] similarities = measured.Any(metric => metric.Kind == MetricKind.Diversity) ? SumSimilarities() : [];
        Dictionary<MetricKind, double> totals = new[] { MetricKind.Novelty, MetricKind.Popularity, MetricKind.Tail }
            .ToDictionary(kind => kind, Total);
        for (int place = 0; place < users.Count; place++)
        {
            for (int index = 0; index < measured.Length; index++)
            {
                if (!measured[index].IsAggregate)
                {
                    tally.PerUser[index][place] = Expect(measured[index], place, similarities, totals);
                }
            }
        }

        double[] recall = new double[Tally.CurveLength];
        double[] ndcg = new double[Tally.CurveLength];
        for (int place = 0; place < users.Count; place++)
        {
            AddCurves(place, recall, ndcg);
        }

        return tally.Summarise("chance", metric => ExpectCoverage(metric.Cutoff)) with
        {
            RecallCurve = recall,
            NdcgCurve = ndcg,
        };
    }

    private bool HasExpectation(Metric metric) => metric.Kind switch
    {
        MetricKind.Gini or MetricKind.AlphaNdcg or MetricKind.GroupGap or MetricKind.GroupGapPerUser => false,
        MetricKind.Entropy or MetricKind.TopicEntropy or MetricKind.Calibration or MetricKind.ExposureRatio => false,
        MetricKind.Diversity => train.Columns <= MostItemsForPairs,
        _ => true,
    };

    private void AddCurves(int place, double[] recall, double[] ndcg)
    {
        int items = Rankable(place);
        int relevant = users.Ideals[place].Length;
        double found = 0;
        double best = 0;
        for (int index = 0; index < recall.Length; index++)
        {
            double discount = 1 / Math.Log2(index + 2);
            found += index < items ? discount * relevant / items : 0;
            best += index < relevant ? discount : 0;
            recall[index] += Math.Min(index + 1, items) / (double)items / users.Count;
            ndcg[index] += found / best / users.Count;
        }
    }

    private int Rankable(int place) => train.Columns - train.RowCount(users.Rows[place]);

    private double Expect(
        Metric metric, int place, double[] similarities, Dictionary<MetricKind, double> totals)
    {
        int items = Rankable(place);
        int relevant = users.Ideals[place].Length;
        int cut = Math.Min(metric.Cutoff, items);
        double share = (double)relevant / items;
        return metric.Kind switch
        {
            MetricKind.Recall => (double)cut / items,
            MetricKind.Precision => cut * share / (metric.Cutoff == int.MaxValue ? items : metric.Cutoff),
            MetricKind.HitRate => 1 - MissAll(items, relevant, cut),
            MetricKind.ReciprocalRank => ExpectReciprocalRank(items, relevant, cut),
            MetricKind.AveragePrecision => ExpectPrecisionSum(items, relevant, cut) / relevant,
            MetricKind.AveragePrecisionCapped =>
                ExpectPrecisionSum(items, relevant, cut) / Math.Min(metric.Cutoff, relevant),
            MetricKind.Ndcg => ExpectNdcg(place, metric.Cutoff, metric.Gain, full: false),
            MetricKind.NdcgFull => ExpectNdcg(place, metric.Cutoff, metric.Gain, full: true),
            MetricKind.PairwiseAccuracy => 0.5,
            MetricKind.Diversity => ExpectDiversity(place, items, similarities),
            _ => ExpectOfItems(metric.Kind, place, items, totals[metric.Kind]),
        };
    }

    /// <summary>The probability that the first places hold nothing relevant.</summary>
    private static double MissAll(int items, int relevant, int places)
    {
        double miss = 1;
        for (int index = 0; index < places; index++)
        {
            miss *= Math.Max(0, (double)(items - relevant - index) / (items - index));
        }

        return miss;
    }

    private static double ExpectReciprocalRank(int items, int relevant, int cut)
    {
        double miss = 1;
        double sum = 0;
        for (int index = 0; index < cut && miss > 0; index++)
        {
            double hit = (double)relevant / (items - index);
            sum += miss * hit / (index + 1);
            miss *= Math.Max(0, 1 - hit);
        }

        return sum;
    }

    // E[sum over i of rel_i / i * sum over j <= i of rel_j] = sum over i of (n/N) (1 + (i-1)(n-1)/(N-1)) / i
    private static double ExpectPrecisionSum(int items, int relevant, int cut)
    {
        double together = items > 1 ? (relevant - 1.0) / (items - 1) : 0;
        double sum = 0;
        for (int rank = 1; rank <= cut; rank++)
        {
            sum += (1 + (rank - 1) * together) / rank;
        }

        return sum * relevant / items;
    }

    private double ExpectNdcg(int place, int cutoff, Gain gain, bool full)
    {
        float[] ideal = users.Ideals[place];
        int items = Rankable(place);
        double worth = ideal.Sum(grade => RankingMetrics.Worth(grade, gain)) / items;
        double discounts = 0;
        for (int index = 0; index < Math.Min(cutoff, items); index++)
        {
            discounts += 1 / Math.Log2(index + 2);
        }

        return worth * discounts / RankingMetrics.Dcg(full ? ideal : ideal.AsSpan(0, Math.Min(cutoff, ideal.Length)), gain);
    }

    private double ExpectOfItems(MetricKind kind, int place, int items, double total)
    {
        ReadOnlySpan<int> known = train.Row(users.Rows[place]);
        double sum = total;
        foreach (int item in known)
        {
            sum -= Value(kind, item);
        }

        return sum / items;
    }

    private double Total(MetricKind kind)
    {
        double sum = 0;
        for (int item = 0; item < statistics.Counts.Length; item++)
        {
            sum += Value(kind, item);
        }

        return sum;
    }

    private double Value(MetricKind kind, int item) => kind switch
    {
        MetricKind.Novelty => statistics.Novelty[item],
        MetricKind.Popularity => statistics.Counts[item],
        _ => statistics.IsTail[item] ? 1 : 0,
    };

    // An item stays hidden when every user misses it: the product over the users who could see it of 1 - k / N_u.
    private double ExpectCoverage(int cutoff)
    {
        double[] logMiss = new double[users.Count];
        int certain = 0;
        double all = 0;
        for (int place = 0; place < users.Count; place++)
        {
            int items = Rankable(place);
            logMiss[place] = cutoff >= items ? double.NegativeInfinity : Math.Log(1 - (double)cutoff / items);
            certain += cutoff >= items ? 1 : 0;
            all += cutoff >= items ? 0 : logMiss[place];
        }

        double[] own = new double[train.Columns];
        int[] ownCertain = new int[own.Length];
        for (int place = 0; place < users.Count; place++)
        {
            foreach (int item in train.Row(users.Rows[place]))
            {
                own[item] += double.IsInfinity(logMiss[place]) ? 0 : logMiss[place];
                ownCertain[item] += double.IsInfinity(logMiss[place]) ? 1 : 0;
            }
        }

        double shown = 0;
        for (int item = 0; item < own.Length; item++)
        {
            shown += ownCertain[item] < certain ? 1 : 1 - Math.Exp(all - own[item]);
        }

        return shown / own.Length;
    }

    // Every pair of rankable items is equally likely: the mean over all pairs, less those with a known item.
    private double ExpectDiversity(int place, int items, double[] similarities)
    {
        double twice = similarities.Sum();
        ReadOnlySpan<int> known = train.Row(users.Rows[place]);
        for (int later = 0; later < known.Length; later++)
        {
            twice -= 2 * similarities[known[later]];
            for (int earlier = 0; earlier < later; earlier++)
            {
                twice += 2 * similarity!(known[earlier], known[later]);
            }
        }

        return items < 2 ? double.NaN : 1 - twice / items / (items - 1);
    }

    /// <summary>For each item the sum of its similarities to all others: quadratic in the catalog, once.</summary>
    private double[] SumSimilarities()
    {
        double[] sums = new double[train.Columns];
        for (int later = 1; later < sums.Length; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                double own = similarity!(earlier, later);
                sums[earlier] += own;
                sums[later] += own;
            }
        }

        return sums;
    }
}
