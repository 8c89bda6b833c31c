namespace Palate.Llm;

/// <summary>How much may be asked of one model at once and in a minute.</summary>
public sealed class LimitOptions
{
    /// <summary>Calls that run at once; 1 to 10,000.</summary>
    /// <value>The default is 32.</value>
    public int Concurrency { get; init; } = 32;

    /// <summary>Calls in a minute; 0 for no limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Tokens of prompts and replies in a minute; 0 for no limit.</summary>
    public int TokensPerMinute { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Concurrency, 10_000);
        ArgumentOutOfRangeException.ThrowIfNegative(RequestsPerMinute);
        ArgumentOutOfRangeException.ThrowIfNegative(TokensPerMinute);
    }
}
