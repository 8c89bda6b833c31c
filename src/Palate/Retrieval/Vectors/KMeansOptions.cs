namespace Palate;

/// <summary>How <see cref="KMeans"/> clusters.</summary>
internal sealed class KMeansOptions
{
    /// <summary>How many clusters, 1 or more; fewer come out when there are fewer different rows.</summary>
    /// <value>The default is 32.</value>
    public int Clusters { get; init; } = 32;

    /// <summary>At most this many rounds of assigning and averaging, 1 or more.</summary>
    /// <value>The default is 50.</value>
    public int MaxRounds { get; init; } = 50;

    /// <summary>The centres are fitted on at most this many rows, evenly spread; all rows are then assigned.</summary>
    /// <value>The default is 250,000.</value>
    public int MaxRows { get; init; } = 250_000;

    /// <summary>The seed of the first centres.</summary>
    public ulong Seed { get; init; } = 42;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Clusters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRounds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRows, 1);
    }
}
