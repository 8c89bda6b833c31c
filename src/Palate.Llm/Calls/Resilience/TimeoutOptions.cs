namespace Palate.Llm;

/// <summary>How long one call may take.</summary>
public sealed class TimeoutOptions
{
    /// <summary>The most for one call; above 0 to 10 minutes.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan PerCall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long before the request's deadline a call ends at the latest, 0 or more; never more than a tenth of the time that
    /// there is.
    /// </summary>
    /// <value>The default is 2 milliseconds: an answer is put together, and timers are late by about one.</value>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(2);

    internal static TimeoutOptions Checked(TimeoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.PerCall, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PerCall, TimeSpan.FromMinutes(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Margin, TimeSpan.Zero);
        return options;
    }
}
