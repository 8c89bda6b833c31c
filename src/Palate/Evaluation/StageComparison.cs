namespace Palate;

/// <summary>How much better one stage is than another on the same users.</summary>
/// <param name="Baseline">The stage that is compared with.</param>
/// <param name="Stage">The stage that is compared.</param>
/// <param name="Metric">By which metric.</param>
/// <param name="Difference">The stage's mean minus the baseline's, over users who have a value of both.</param>
/// <param name="Low">Lower end of the 95 % interval, by paired bootstrap over users.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">Two-sided: twice the smaller share of bootstrap samples beyond zero, never below 1 / samples.</param>
public sealed record StageComparison(
    string Baseline, string Stage, string Metric, double Difference, double Low, double High, double PValue)
{
    /// <summary>Whether the interval excludes zero.</summary>
    public bool Significant => Low > 0 || High < 0;
}
