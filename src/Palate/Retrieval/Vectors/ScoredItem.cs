namespace Palate;

/// <summary>An item index with a source's raw score.</summary>
/// <param name="Item">The item's index in the generation.</param>
/// <param name="Score">The score; never NaN.</param>
public readonly record struct ScoredItem(int Item, float Score) : IComparable<ScoredItem>
{
    /// <summary>Whether the left item ranks after the right one.</summary>
    public static bool operator <(ScoredItem left, ScoredItem right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left item ranks before the right one.</summary>
    public static bool operator >(ScoredItem left, ScoredItem right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left item ranks after the right one or is the same.</summary>
    public static bool operator <=(ScoredItem left, ScoredItem right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left item ranks before the right one or is the same.</summary>
    public static bool operator >=(ScoredItem left, ScoredItem right) => left.CompareTo(right) >= 0;

    /// <summary>The total order of law 2, best greatest: a higher score, then a lower item index.</summary>
    public int CompareTo(ScoredItem other)
    {
        int byScore = Score.CompareTo(other.Score);
        return byScore != 0 ? byScore : other.Item.CompareTo(Item);
    }
}
