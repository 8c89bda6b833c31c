namespace Palate.Llm;

/// <summary>How much a cache holds, and for how long.</summary>
public sealed class CacheOptions
{
    /// <summary>Entries in memory; those not used for the longest go first. 1 to 10,000,000.</summary>
    /// <value>The default is 10,000.</value>
    public int Entries { get; init; } = 10_000;

    /// <summary>Bytes of text in memory, about, whatever the entries: a process with ten models keeps below a gigabyte.</summary>
    internal const long Bytes = 64L << 20;

    /// <summary>How long an entry is worth something; above 0.</summary>
    /// <value>The default is one day.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What outlives the process; null for nothing.</summary>
    public ICacheStore? Store { get; init; }

    internal static CacheOptions Checked(CacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Entries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Entries, 10_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.TimeToLive, TimeSpan.Zero);
        return options;
    }
}
