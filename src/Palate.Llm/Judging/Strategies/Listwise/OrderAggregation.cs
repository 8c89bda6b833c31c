namespace Palate.Llm;

/// <summary>How several orders of the same candidates become one.</summary>
public enum OrderAggregation
{
    /// <summary>By the mean place.</summary>
    Borda,

    /// <summary>By the fewest disagreements over pairs, found by local search from the mean places.</summary>
    Kemeny,
}
