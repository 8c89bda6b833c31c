namespace Palate;

/// <summary>That a source proposed an item.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Rank">The item's place among the source's proposals, 1-based.</param>
/// <param name="Raw">The source's own score.</param>
public readonly record struct Proposal(string Source, int Rank, float Raw);
