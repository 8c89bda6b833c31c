using System.Collections.Frozen;

namespace Palate;

/// <summary>What one stage, or one row of reference, achieved.</summary>
public sealed record StageResult
{
    /// <summary>The stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>The mean over users by metric; a metric that has no value here is absent.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The interval of each mean; empty for references. Metrics of all lists together have none.</summary>
    public IReadOnlyDictionary<string, MetricInterval> Intervals { get; init; } =
        FrozenDictionary<string, MetricInterval>.Empty;

    /// <summary>
    /// The value of each evaluated user by metric, in the order of <see cref="EvaluationReport.UserRows"/>; NaN where a
    /// user has none.
    /// </summary>
    public required IReadOnlyDictionary<string, double[]> PerUser { get; init; }

    /// <summary>Mean recall at the cutoffs 1, 2, 3 and so on, at most 100.</summary>
    public IReadOnlyList<double> RecallCurve { get; init; } = [];

    /// <summary>Mean NDCG (binary, truncated ideal) at the cutoffs 1, 2, 3 and so on, at most 100.</summary>
    public IReadOnlyList<double> NdcgCurve { get; init; } = [];

    /// <summary>The share of the first ten ranks that each popularity band of the report has; empty where unknown.</summary>
    public IReadOnlyList<double> BandShares { get; init; } = [];

    /// <summary>How long ranking and measuring all users took, in seconds of wall time.</summary>
    public double Seconds { get; init; }
}
