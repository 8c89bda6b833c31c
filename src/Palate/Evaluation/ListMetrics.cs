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
