namespace Palate.Llm;

/// <summary>How much may be asked of one model at once and in a minute.</summary>
public sealed class LimitOptions
{
    /// <summary>Calls that run at once; 1 to 10,000.</summary>
    /// <value>The default is 32.</value>
    public int Concurrency { get; init; } = 32;

    /// <summary>Calls that may wait; more are refused at once. 0 to 100,000.</summary>
    /// <value>The default is 256.</value>
    public int Queue { get; init; } = 256;

    /// <summary>Calls in a minute; 0 for no limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Tokens of prompts and replies in a minute; 0 for no limit.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>What part of a minute's allowance may be used at once, above 0 to 1.</summary>
    /// <value>The default is 0.1: six seconds' worth.</value>
    public double Burst { get; init; } = 0.1;

    /// <summary>How many tokens of reply count when a call does not limit them; 1 or more.</summary>
    /// <value>The default is 1024.</value>
    public int DefaultOutputTokens { get; init; } = 1024;

    /// <summary>A call that could begin only with less than this left until its deadline is refused at once.</summary>
    /// <value>The default is 10 milliseconds.</value>
    public TimeSpan ShortestCall { get; init; } = TimeSpan.FromMilliseconds(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Concurrency, 10_000);
        ArgumentOutOfRangeException.ThrowIfNegative(Queue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Queue, 100_000);
        ArgumentOutOfRangeException.ThrowIfNegative(RequestsPerMinute);
        ArgumentOutOfRangeException.ThrowIfNegative(TokensPerMinute);
        ArgumentOutOfRangeException.ThrowIfLessThan(DefaultOutputTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShortestCall, TimeSpan.Zero);
        if (Burst is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Burst), Burst, "Burst must be above 0 and at most 1.");
        }
    }
}
