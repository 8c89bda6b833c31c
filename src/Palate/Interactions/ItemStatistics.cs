namespace Palate;

/// <summary>How popular each item is in the training data, as the list metrics need it.</summary>
/// <remarks>Immutable, therefore safe to read from any thread.</remarks>
public sealed class ItemStatistics
{
    /// <summary>Counts the interactions of each item.</summary>
    /// <param name="train">Users x items.</param>
    public ItemStatistics(InteractionMatrix train)
    {
        ArgumentNullException.ThrowIfNull(train);
        int items = train.Columns;
        Counts = new int[items];
        foreach (int item in train.Indices)
        {
            Counts[item]++;
        }

        ByPopularity = new int[items];
        for (int item = 0; item < items; item++)
        {
            ByPopularity[item] = item;
        }

        Array.Sort(ByPopularity, (a, b) => Counts[a] != Counts[b] ? Counts[b].CompareTo(Counts[a]) : a.CompareTo(b));
        Novelty = new double[items];
        IsTail = new bool[items];
        double total = Math.Max(1, train.Count);
        long before = 0;
        foreach (int item in ByPopularity)
        {
            IsTail[item] = before >= 0.8 * total;
            Novelty[item] = -Math.Log2(Math.Max(1, Counts[item]) / total);
            before += Counts[item];
        }
    }

    /// <summary>Training interactions of each item.</summary>
    public int[] Counts { get; }

    /// <summary>All items, the most popular first, ties by ascending index.</summary>
    public int[] ByPopularity { get; }

    /// <summary>-log2 of each item's share of all training interactions, in bits; an unseen item counts as seen once.</summary>
    public double[] Novelty { get; }

    /// <summary>
    /// Whether an item is in the long tail: the most popular items that have 80 % of the training interactions together
    /// are the head (the Pareto split of Abdollahpouri et al. 2019), the others are the tail.
    /// </summary>
    public bool[] IsTail { get; }
}
