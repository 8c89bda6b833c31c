namespace Palate.Storage;

/// <summary>How long writes may wait to be stored together.</summary>
public sealed class WriteBehindOptions
{
    /// <summary>The longest that a write waits, 10 milliseconds to 1 minute; a killed process loses at most that much.</summary>
    /// <value>The default is 1 second.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many writes are stored without waiting; 1 to 100,000.</summary>
    /// <value>The default is 1,000.</value>
    public int Batch { get; init; } = 1_000;

    /// <summary>So many writes are kept while the store fails; further ones are lost, and counted. 1 to 10,000,000.</summary>
    /// <value>The default is 200,000, about 60 MB of ledger entries.</value>
    public int Most { get; init; } = 200_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Interval, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Batch, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Most, 10_000_000);
    }
}
