using System.Collections.Frozen;

namespace Palate;

/// <summary>One row of the table of a <see cref="ReorderProtocol"/>.</summary>
public sealed record ReorderRow
{
    /// <summary>The re-orderer, or <c>chance</c>, <c>base</c>, <c>oracle</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The value by metric; a metric that has no value here is absent.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The value of each user by metric, in the order of the cases; only metrics that users have.</summary>
    public IReadOnlyDictionary<string, double[]> PerUser { get; init; } = FrozenDictionary<string, double[]>.Empty;

    /// <summary>For pooled metrics, four sums of each case: scores and number of group 0, of group 1.</summary>
    internal IReadOnlyDictionary<string, double[]> Sums { get; init; } = FrozenDictionary<string, double[]>.Empty;

    /// <summary>The paired difference to the base order by metric; absent where there is none.</summary>
    public IReadOnlyDictionary<string, ReorderDifference> Differences { get; init; } =
        FrozenDictionary<string, ReorderDifference>.Empty;

    /// <summary>How long the orders of all users took, in seconds of wall time.</summary>
    public double Seconds { get; init; }
}
