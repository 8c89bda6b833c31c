namespace Palate.Storage;

/// <summary>How much the store holds.</summary>
/// <param name="Items">Items, described or only named by an interaction.</param>
/// <param name="Users">Users, likewise.</param>
/// <param name="Interactions">Interactions to learn from.</param>
/// <param name="HeldOut">Held-out rows of all splits.</param>
public sealed record StoreCounts(long Items, long Users, long Interactions, long HeldOut);
