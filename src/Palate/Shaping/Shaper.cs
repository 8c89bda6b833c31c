namespace Palate;

/// <summary>Orders a list anew for something beyond relevance: diversity, fairness, calibration, novelty.</summary>
/// <remarks>
/// A shaper orders and never adds or drops. Immutable, therefore safe to use from any thread. What is equally good
/// keeps its order, and what the list does not say (no topics, no groups) leaves the order alone.
/// </remarks>
public abstract class Shaper
{
    /// <summary>The name in configuration and explanations, for example <c>mmr</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What has to be there; without it a pipeline with this shaper is refused.</summary>
    public virtual ShaperNeeds Requires => ShaperNeeds.None;

    /// <summary>What it is given where it is there.</summary>
    public virtual ShaperNeeds Uses => Requires | ShaperNeeds.Similarity | ShaperNeeds.Taste | ShaperNeeds.Novelty;

    /// <summary>Orders all candidates of a list anew.</summary>
    /// <param name="list">The candidates in their order so far.</param>
    /// <param name="top">
    /// How many places matter; what follows keeps its order. 0 or more, also more than there are.
    /// </param>
    /// <param name="weight">0 leaves the order alone exactly, 1 looks at the shaper's aim alone.</param>
    /// <returns>The places of the list, each once, in their new order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not in 0 to 1, or top is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// The shaper chose a place twice, or one that there is not.
    /// </exception>
    public int[] Shape(ShapingList list, int top, float weight)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        if (!(weight is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of shaping must be from 0 to 1.");
        }

        int[] order = new int[list.Count];
        Span<int> head = order.AsSpan(0, Math.Min(top, order.Length));
        int chosen = weight > 0 && list.Count > 1 ? Select(list, weight, head) : 0;
        bool[] taken = new bool[order.Length];
        foreach (int place in head[..chosen])
        {
            if ((uint)place >= (uint)taken.Length || taken[place])
            {
                throw new InvalidOperationException(
                    $"The shaper '{Name}' chose place {place} of {taken.Length} twice or out of range; "
                    + "a shaper chooses each place at most once.");
            }

            taken[place] = true;
        }

        for (int place = 0; place < taken.Length; place++)
        {
            if (!taken[place])
            {
                order[chosen++] = place;
            }
        }

        return order;
    }

    /// <summary>Why an item stands where it stands, in words that continue "moved because it".</summary>
    /// <param name="list">The list that was shaped.</param>
    /// <param name="order">What <see cref="Shape"/> returned for it.</param>
    /// <param name="rank">The item's 0-based place in that order.</param>
    public abstract string Explain(ShapingList list, ReadOnlySpan<int> order, int rank);

    /// <summary>Chooses the head of the new order; what it leaves out follows in the old order.</summary>
    /// <param name="list">At least two candidates.</param>
    /// <param name="weight">More than 0, at most 1.</param>
    /// <param name="head">
    /// Receives places of the list, best first, each at most once; as long as the places that matter.
    /// </param>
    /// <returns>How many were chosen; fewer than asked for are fine.</returns>
    protected abstract int Select(ShapingList list, float weight, Span<int> head);

    /// <summary>
    /// The place of the greatest score that is not taken yet, the earlier of equals; -1 when all are taken.
    /// </summary>
    internal static int Best(ReadOnlySpan<double> scores, ReadOnlySpan<bool> taken)
    {
        int best = -1;
        for (int place = 0; place < scores.Length; place++)
        {
            if (!taken[place] && (best < 0 || scores[place] > scores[best]))
            {
                best = place;
            }
        }

        return best;
    }
}
