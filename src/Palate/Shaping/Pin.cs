namespace Palate;

/// <summary>A rule: an item stands at a certain rank.</summary>
/// <param name="ItemId">The item's external id; it becomes a candidate when no source proposed it.</param>
/// <param name="Rank">The rank, 1-based. With fewer items before it the item stands as far down as there are.</param>
public sealed record Pin(string ItemId, int Rank);
