namespace Palate;

/// <summary>A catalog whose items got their texts from a side file, and how far that went.</summary>
/// <param name="Catalog">The same items in the same order; a text from the file follows what an item had before.</param>
/// <param name="Matched">How many items got a text.</param>
/// <param name="Unmatched">The ids of the items that got none, in item order.</param>
public sealed record SideTextJoin(Catalog Catalog, int Matched, IReadOnlyList<string> Unmatched)
{
    /// <summary>For example <c>1,645 of 1,682 items got a text</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Matched:N0} of {Catalog.Count:N0} items got a text");
}
