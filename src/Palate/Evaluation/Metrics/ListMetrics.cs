namespace Palate;

/// <summary>What lists of items are like, whatever is relevant: novelty, popularity, diversity, coverage, evenness.</summary>
/// <remarks>Pure functions, safe on any thread. NaN where a list is too short to have a value.</remarks>
public static class ListMetrics
{
    /// <summary>
    /// Novelty = mean over the list of -log2 p(i), p(i) the item's share of all training interactions, in bits.
    /// Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS 2010.
    /// </summary>
    public static double Novelty(ReadOnlySpan<int> list, ItemStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        double sum = 0;
        foreach (int item in list)
        {
            sum += statistics.Novelty[item];
        }

        return sum / list.Length;
    }

    /// <summary>
    /// Average recommendation popularity = mean over the list of the item's training interactions. Yin et al. 2012;
    /// Abdollahpouri, Burke and Mobasher, "Managing popularity bias in recommender systems", 2019.
    /// </summary>
    public static double Popularity(ReadOnlySpan<int> list, ItemStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        double sum = 0;
        foreach (int item in list)
        {
            sum += statistics.Counts[item];
        }

        return sum / list.Length;
    }

    /// <summary>
    /// Average percentage of long tail items (APLT) = share of the list that is in the tail. Abdollahpouri, Burke and
    /// Mobasher 2019.
    /// </summary>
    public static double Tail(ReadOnlySpan<int> list, ItemStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        int tail = 0;
        foreach (int item in list)
        {
            tail += statistics.IsTail[item] ? 1 : 0;
        }

        return (double)tail / list.Length;
    }

    /// <summary>
    /// Intra-list diversity = mean over pairs of the list of 1 - similarity. Ziegler et al., "Improving recommendation
    /// lists through topic diversification", WWW 2005.
    /// </summary>
    /// <param name="list">Item indices.</param>
    /// <param name="similarity">Symmetric, usually 0 to 1; called for each pair.</param>
    public static double Diversity(ReadOnlySpan<int> list, Func<int, int, float> similarity)
    {
        ArgumentNullException.ThrowIfNull(similarity);
        double sum = 0;
        for (int later = 1; later < list.Length; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                sum += 1 - similarity(list[earlier], list[later]);
            }
        }

        return sum / (list.Length * (list.Length - 1L) / 2);
    }

    /// <summary>
    /// alpha-NDCG@k = alpha-DCG@k / that of the ideal order, with alpha-DCG@k = sum over ranks i &lt;= k of the sum over the
    /// item's topics c of (1 - alpha)^r / log2(i + 1), r the relevant items with topic c before it; only relevant items
    /// gain. Clarke et al., "Novelty and diversity in information retrieval evaluation", SIGIR 2008. The ideal is built
    /// greedily, as TREC's ndeval does.
    /// </summary>
    /// <param name="list">Item indices, best first.</param>
    /// <param name="relevant">The relevant items, ascending.</param>
    /// <param name="topics">The attribute whose values are the topics.</param>
    /// <param name="k">The cutoff.</param>
    /// <param name="alpha">0 counts every repetition in full, 1 none; ndeval uses 0.5.</param>
    /// <returns>NaN when no relevant item has a topic.</returns>
    public static double AlphaNdcg(
        ReadOnlySpan<int> list, ReadOnlySpan<int> relevant, AttributeColumn topics, int k, double alpha = 0.5)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var seen = new Dictionary<int, int>();
        double found = 0;
        for (int index = 0; index < Math.Min(k, list.Length); index++)
        {
            if (relevant.BinarySearch(list[index]) >= 0)
            {
                found += TopicGain(topics[list[index]], seen, alpha) / Math.Log2(index + 2);
                CountTopics(topics[list[index]], seen);
            }
        }

        seen.Clear();
        var left = new List<int>(relevant.ToArray());
        double best = 0;
        for (int index = 0; index < k && left.Count > 0; index++)
        {
            int next = 0;
            double most = -1;
            for (int place = 0; place < left.Count; place++)
            {
                double gain = TopicGain(topics[left[place]], seen, alpha);
                (next, most) = gain > most ? (place, gain) : (next, most);
            }

            best += most / Math.Log2(index + 2);
            CountTopics(topics[left[next]], seen);
            left.RemoveAt(next);
        }

        return best > 0 ? found / best : double.NaN;
    }

    /// <summary>
    /// Adds up the places of two groups of items, for the mean absolute deviation of LLM4Rerank (Gao et al., WWW 2025):
    /// a list's places become scores from 1 for the first, linearly, to 0 for the last, and MAD = |mean score of group 0
    /// - mean score of group 1|. Pooled over all lists it measures a systematic preference; per list it also measures
    /// chance, about 0.11 for random lists of 20. The paper does not say which it reports.
    /// </summary>
    /// <param name="list">Item indices, best first.</param>
    /// <param name="groups">0, 1 or -1 for each item of the catalog.</param>
    /// <param name="sums">Receives the sum of the scores of group 0, its count, and the same of group 1.</param>
    public static void AddGroupScores(ReadOnlySpan<int> list, IReadOnlyList<int> groups, Span<double> sums)
    {
        ArgumentNullException.ThrowIfNull(groups);
        for (int index = 0; index < list.Length; index++)
        {
            int group = groups[list[index]];
            if (group is 0 or 1)
            {
                sums[2 * group] += list.Length == 1 ? 1 : 1 - index / (list.Length - 1.0);
                sums[2 * group + 1]++;
            }
        }
    }

    /// <summary>MAD of the sums of <see cref="AddGroupScores"/>; NaN when a group does not occur.</summary>
    public static double GroupGap(ReadOnlySpan<double> sums) => Math.Abs(sums[0] / sums[1] - sums[2] / sums[3]);

    /// <summary>Catalog coverage = items that are in any list / items. Ge, Delgado-Battenfeld and Jannach 2010.</summary>
    /// <param name="exposures">How many lists hold each item of the catalog.</param>
    public static double Coverage(ReadOnlySpan<int> exposures)
    {
        int shown = 0;
        foreach (int exposure in exposures)
        {
            shown += exposure > 0 ? 1 : 0;
        }

        return (double)shown / exposures.Length;
    }

    /// <summary>
    /// Gini index over all items, also those never shown = sum over items j, by ascending exposure, of
    /// (2j - n - 1) p_j / (n - 1), p_j the item's share of all exposures: 0 when all are shown equally often, 1 when
    /// one item takes every place. Shani and Gunawardana, "Evaluating recommendation systems", 2011.
    /// </summary>
    /// <param name="exposures">How many lists hold each item of the catalog.</param>
    public static double Gini(ReadOnlySpan<int> exposures)
    {
        int[] sorted = exposures.ToArray();
        Array.Sort(sorted);
        double total = 0;
        double weighted = 0;
        for (int index = 0; index < sorted.Length; index++)
        {
            total += sorted[index];
            weighted += (2.0 * (index + 1) - sorted.Length - 1) * sorted[index];
        }

        return weighted / (total * (sorted.Length - 1));
    }

    /// <summary>
    /// alpha-NDCG@k of an order of given candidates with all of them counting as relevant: how early the list shows
    /// many topics, whatever the user likes. The ideal takes the candidates greedily.
    /// </summary>
    /// <param name="list">All candidates, best first.</param>
    /// <param name="topics">The attribute whose values are the topics.</param>
    /// <param name="k">The cutoff.</param>
    /// <param name="alpha">0 counts every repetition in full, 1 none.</param>
    /// <returns>NaN when no candidate has a topic.</returns>
    public static double TopicNdcg(ReadOnlySpan<int> list, AttributeColumn topics, int k, double alpha = 0.5)
    {
        int[] all = list.ToArray();
        Array.Sort(all);
        return AlphaNdcg(list, all, topics, k, alpha);
    }

    /// <summary>
    /// Shannon entropy of the shown items = - sum over items of p log2 p, p the item's share of all exposures, in bits:
    /// 0 when one item takes every place. Shani and Gunawardana, "Evaluating recommendation systems", 2011.
    /// </summary>
    /// <param name="exposures">How many lists hold each item of the catalog.</param>
    public static double Entropy(ReadOnlySpan<int> exposures)
    {
        double total = 0;
        foreach (int exposure in exposures)
        {
            total += exposure;
        }

        double sum = 0;
        foreach (int exposure in exposures)
        {
            sum -= exposure > 0 ? exposure / total * Math.Log2(exposure / total) : 0;
        }

        return total > 0 ? sum : double.NaN;
    }

    /// <summary>
    /// Entropy of a list's topics in bits, each item's topics sharing its one vote; NaN when no item has a topic.
    /// </summary>
    public static double TopicEntropy(ReadOnlySpan<int> list, AttributeColumn topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        double[] shares = new double[topics.Values.Count];
        if (!Shares(list, topics, shares))
        {
            return double.NaN;
        }

        double sum = 0;
        foreach (double share in shares)
        {
            sum -= share > 0 ? share * Math.Log2(share) : 0;
        }

        return sum;
    }

    /// <summary>
    /// Calibration = KL(p || q~) = sum over topics of p ln(p / q~), p the topics of the history, q those of the list,
    /// each item's topics sharing its one vote, q~ = (1 - a) q + a p. Steck, "Calibrated recommendations", RecSys 2018.
    /// 0 is perfect, -ln a (4.6 for 0.01) a list that has nothing of the history.
    /// </summary>
    /// <param name="list">The shown items.</param>
    /// <param name="history">The user's items.</param>
    /// <param name="topics">The attribute whose values are the topics.</param>
    /// <param name="smoothing">a, above 0 and below 1.</param>
    /// <returns>NaN when the list or the history has no topic.</returns>
    public static double Calibration(
        ReadOnlySpan<int> list, ReadOnlySpan<int> history, AttributeColumn topics, double smoothing = 0.01)
    {
        ArgumentNullException.ThrowIfNull(topics);
        double[] p = new double[topics.Values.Count];
        double[] q = new double[p.Length];
        if (!Shares(history, topics, p) || !Shares(list, topics, q))
        {
            return double.NaN;
        }

        double sum = 0;
        for (int topic = 0; topic < p.Length; topic++)
        {
            sum += p[topic] > 0
                ? p[topic] * Math.Log(p[topic] / ((1 - smoothing) * q[topic] + smoothing * p[topic]))
                : 0;
        }

        // Rounding can leave a perfect list a hair below 0.
        return Math.Max(0, sum);
    }

    /// <summary>
    /// Adds up the exposure of two groups of items: 1 / log2(rank + 1) for each place, as DCG discounts.
    /// </summary>
    /// <param name="list">Item indices, best first.</param>
    /// <param name="groups">0, 1 or -1 for each item of the catalog.</param>
    /// <param name="sums">Receives the exposure of group 0 and that of group 1.</param>
    public static void AddExposure(ReadOnlySpan<int> list, IReadOnlyList<int> groups, Span<double> sums)
    {
        ArgumentNullException.ThrowIfNull(groups);
        for (int index = 0; index < list.Length; index++)
        {
            if (groups[list[index]] is 0 or 1)
            {
                sums[groups[list[index]]] += 1 / Math.Log2(index + 2);
            }
        }
    }

    /// <summary>
    /// Exposure ratio = the smaller of r and 1 / r, r = (exposure of group 1 / its due) / (exposure of group 0 / its
    /// due): 1 when both get what is due, 0 when one gets nothing. The disparate exposure ratio of Singh and Joachims,
    /// "Fairness of exposure in rankings", KDD 2018, made symmetric.
    /// </summary>
    /// <param name="exposure">The exposure of group 0 and group 1.</param>
    /// <param name="due">What is due to them in any unit, for example how many items each has.</param>
    /// <returns>NaN when nothing is due to a group, or nothing was shown.</returns>
    public static double ExposureRatio(ReadOnlySpan<double> exposure, ReadOnlySpan<double> due)
    {
        double first = exposure[0] / due[0];
        double second = exposure[1] / due[1];
        return due[0] > 0 && due[1] > 0 && first + second > 0
            ? Math.Min(first, second) / Math.Max(first, second)
            : double.NaN;
    }

    private static bool Shares(ReadOnlySpan<int> items, AttributeColumn topics, double[] shares)
    {
        double votes = 0;
        foreach (int item in items)
        {
            ReadOnlySpan<int> own = topics[item];
            votes += own.IsEmpty ? 0 : 1;
            foreach (int topic in own)
            {
                shares[topic] += 1.0 / own.Length;
            }
        }

        for (int topic = 0; topic < shares.Length; topic++)
        {
            shares[topic] /= votes;
        }

        return votes > 0;
    }

    private static double TopicGain(ReadOnlySpan<int> own, Dictionary<int, int> seen, double alpha)
    {
        double gain = 0;
        foreach (int topic in own)
        {
            gain += Math.Pow(1 - alpha, seen.GetValueOrDefault(topic));
        }

        return gain;
    }

    private static void CountTopics(ReadOnlySpan<int> own, Dictionary<int, int> seen)
    {
        foreach (int topic in own)
        {
            seen[topic] = seen.GetValueOrDefault(topic) + 1;
        }
    }
}
