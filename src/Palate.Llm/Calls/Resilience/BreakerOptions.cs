namespace Palate.Llm;

/// <summary>When a failing model is left alone, and for how long.</summary>
/// <remarks>
/// A call that a deadline or a timeout of ours cut off has failed only if it had at least as long as the good calls of the
/// window took on average; while there are none, every such call has.
/// </remarks>
public sealed class BreakerOptions
{
    /// <summary>The share of failed calls at which the breaker opens, above 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public double FailureShare { get; init; } = 0.5;

    /// <summary>At least so many calls must have ended within the window; 1 to 10,000.</summary>
    /// <value>The default is 10.</value>
    public int MinimumCalls { get; init; } = 10;

    /// <summary>How far back calls count; 1 second to 1 hour.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing is sent after the breaker opened; it doubles with each probe that fails.</summary>
    /// <value>The default is 5 seconds. 10 milliseconds to 1 hour.</value>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that nothing is sent; not below <see cref="Break"/>.</summary>
    /// <value>The default is 1 minute.</value>
    public TimeSpan LongestBreak { get; init; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        if (FailureShare is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(FailureShare), FailureShare, "FailureShare must be above 0 and at most 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumCalls, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinimumCalls, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Window, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Break, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Break, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestBreak, Break);
    }
}
