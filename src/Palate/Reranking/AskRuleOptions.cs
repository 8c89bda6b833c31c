namespace Palate;

/// <summary>How the rule that decides whether to ask is learned.</summary>
public sealed record AskRuleOptions
{
    /// <summary>How much gain in NDCG a question must bring to be worth its price.</summary>
    /// <value>The default is 0.001. 0 to 1.</value>
    public double Price { get; init; } = 0.001;

    /// <summary>The share of the whole gain that must be kept.</summary>
    /// <value>The default is 0.95. 0 to 1.</value>
    public double Keep { get; init; } = 0.95;

    /// <summary>How many requests are needed to skip any.</summary>
    /// <value>The default is 100. At least 20.</value>
    public int MinRequests { get; init; } = 100;

    /// <summary>Fixes which requests learn and which measure.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRequests, 20);
        if (!(Price >= 0 && Price <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Price), Price, "Price must be from 0 to 1.");
        }

        if (!(Keep >= 0 && Keep <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Keep), Keep, "Keep must be from 0 to 1.");
        }
    }
}
