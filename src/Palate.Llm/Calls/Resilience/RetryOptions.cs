namespace Palate.Llm;

/// <summary>How often a failed call is tried again, and after how long.</summary>
/// <remarks>
/// Only failures that may pass are tried again: too many requests, a failing server, a broken connection. A timeout is
/// not: it has used up the time, and the model has too much to do already.
/// </remarks>
public sealed class RetryOptions
{
    /// <summary>How often a call is sent at most, the first time included; 1 to 10.</summary>
    /// <value>The default is 3.</value>
    public int Attempts { get; init; } = 3;

    /// <summary>
    /// The wait before the second attempt; it doubles with each further one up to 5 seconds,
    /// and is shortened by up to half at random; a provider's wish goes beyond it.
    /// </summary>
    /// <value>The default is 50 milliseconds. At most 5 seconds.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Attempts, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FirstDelay, RetryClient.LongestDelay);
    }
}
