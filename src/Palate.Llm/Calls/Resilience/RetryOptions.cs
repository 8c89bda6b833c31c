namespace Palate.Llm;

/// <summary>How often a failed call is tried again, and after how long.</summary>
/// <remarks>
/// Only failures that may pass are tried again: too many requests, a failing server, a broken connection. A timeout is
/// tried again only when <see cref="RetryTimeouts"/> says so and nobody waits in the queue of the same model.
/// </remarks>
public sealed class RetryOptions
{
    /// <summary>How often a call is sent at most, the first time included; 1 to 10.</summary>
    /// <value>The default is 3.</value>
    public int Attempts { get; init; } = 3;

    /// <summary>The wait before the second attempt; it doubles with each further one, and is shortened by up to half at random.</summary>
    /// <value>The default is 50 milliseconds.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait of our own choice; a provider's wish goes beyond it.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An attempt is not begun with less than this left until the deadline.</summary>
    /// <value>The default is 20 milliseconds.</value>
    public TimeSpan ShortestCall { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether timeouts are tried again, when nobody waits for the model.</summary>
    /// <value>The default is false.</value>
    public bool RetryTimeouts { get; init; }

    /// <summary>Fixes the random part of the waits.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Attempts, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShortestCall, TimeSpan.Zero);
    }
}
