namespace Palate;

/// <summary>How much data a generation was trained on.</summary>
/// <param name="Items">Items in the catalog.</param>
/// <param name="Users">Users.</param>
/// <param name="Interactions">Filled cells of the users x items matrix.</param>
public sealed record GenerationCounts(int Items, int Users, int Interactions);
