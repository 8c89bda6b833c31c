namespace Palate.Simulation;

/// <summary>What the simulated provider has billed.</summary>
/// <param name="Calls">Calls with a reply, whole or not.</param>
/// <param name="InputTokens">Tokens of prompts, cached ones included.</param>
/// <param name="CachedTokens">Those of them that were cached.</param>
/// <param name="CacheWriteTokens">Those of them that were written to the cache for a surcharge.</param>
/// <param name="OutputTokens">Tokens of replies.</param>
/// <param name="SearchUnits">Units of the rerank interface.</param>
public sealed record SimulationTotals(
    long Calls, long InputTokens, long CachedTokens, long CacheWriteTokens, long OutputTokens, long SearchUnits)
{
    /// <summary>Nothing billed.</summary>
    public static SimulationTotals None { get; } = new(0, 0, 0, 0, 0, 0);

    internal SimulationTotals Plus(SimulationTotals other) => new(
        Calls + other.Calls,
        InputTokens + other.InputTokens,
        CachedTokens + other.CachedTokens,
        CacheWriteTokens + other.CacheWriteTokens,
        OutputTokens + other.OutputTokens,
        SearchUnits + other.SearchUnits);
}
