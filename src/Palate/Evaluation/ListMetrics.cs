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
}
