using System.Globalization;

namespace Palate;

/// <summary>Category caps: no topic takes more than its share of the places that matter.</summary>
/// <remarks>
/// Places are given out in the order so far; what would be one too many of a topic waits. When nothing else is left,
/// what waited follows in its old order. The weight moves the cap from all places to the wanted one. Items without a
/// topic are never held back.
/// </remarks>
public sealed class CategoryCap : Shaper
{
    /// <summary>A cap.</summary>
    /// <param name="most">How many of the places one topic may have at weight 1; at least 1.</param>
    public CategoryCap(int most = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        Most = most;
    }

    /// <inheritdoc/>
    public override string Name => "cap";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute;

    /// <summary>How many of the places one topic may have at weight 1.</summary>
    public int Most { get; }

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Topics is not { } topics || topics[order[rank]].IsEmpty)
        {
            return "has no topic that could be capped.";
        }

        int[] before = new int[topics.TopicCount];
        for (int place = 0; place < rank; place++)
        {
            foreach (int topic in topics[order[place]])
            {
                before[topic]++;
            }
        }

        int fullest = topics[order[rank]][0];
        foreach (int topic in topics[order[rank]])
        {
            fullest = before[topic] > before[fullest] ? topic : fullest;
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"is of {topics.NameOf(fullest)}, of which {before[fullest]} stand before it.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Topics is not { TopicCount: > 0 } topics || Most >= head.Length)
        {
            return 0;
        }

        int cap = (int)Math.Ceiling(head.Length - weight * (head.Length - Most));
        int[] held = new int[topics.TopicCount];
        int chosen = 0;
        for (int place = 0; place < list.Count && chosen < head.Length; place++)
        {
            bool fits = true;
            foreach (int topic in topics[place])
            {
                fits &= held[topic] < cap;
            }

            if (fits)
            {
                head[chosen++] = place;
                foreach (int topic in topics[place])
                {
                    held[topic]++;
                }
            }
        }

        return chosen;
    }
}
