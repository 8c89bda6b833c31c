namespace Palate.Llm;

/// <summary>How often the same candidates are asked in another order, and how the replies become one.</summary>
public sealed record ConsistencyOptions
{
    /// <summary>How many shuffles are asked, all in one round.</summary>
    /// <value>The default is 3, as in LLMRank. 1 to 50.</value>
    public int Shuffles { get; init; } = 3;

    /// <summary>How many candidates, best first by the base ranking, are shown.</summary>
    /// <value>The default is 20. 2 to 1,000.</value>
    public int WindowSize { get; init; } = 20;

    /// <summary>How the orders become one.</summary>
    /// <value>The default is <see cref="OrderAggregation.Kemeny"/>, as in permutation self-consistency.</value>
    public OrderAggregation Aggregation { get; init; } = OrderAggregation.Kemeny;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Shuffles is < 1 or > 50)
        {
            throw new ArgumentException($"The number of shuffles is {Shuffles}; give 1 to 50.");
        }

        if (WindowSize is < 2 or > 1000)
        {
            throw new ArgumentException($"The window size is {WindowSize}; give 2 to 1000.");
        }

        if (!Enum.IsDefined(Aggregation))
        {
            throw new ArgumentException($"The aggregation is {Aggregation}; give Borda or Kemeny.");
        }
    }
}
