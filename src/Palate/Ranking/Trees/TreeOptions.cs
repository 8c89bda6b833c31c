namespace Palate;

/// <summary>How one tree of an ensemble grows.</summary>
/// <remarks>All nodes of a level share one split (oblivious trees, as CatBoost grows them), which scores and explains fastest.</remarks>
public sealed class TreeOptions
{
    /// <summary>The splits between the root and a leaf at most: 1 to 8; a tree has up to <c>2^MaxDepth</c> leaves.</summary>
    /// <value>The default is 6.</value>
    public int MaxDepth { get; set; } = 6;

    /// <summary>The fewest rows on each side of a split: at least 1.</summary>
    /// <value>The default is 20.</value>
    public int MinChildSamples { get; set; } = 20;

    /// <summary>The smallest sum of second derivatives on each side of a split: at least 0.</summary>
    /// <value>The default is 0.001.</value>
    public float MinChildHessian { get; set; } = 1e-3f;

    /// <summary>What is added to a leaf's second derivatives; pulls leaf values to 0. At least 0.</summary>
    /// <value>The default is 1.</value>
    public float L2 { get; set; } = 1;

    /// <summary>The share of features that each tree sees: above 0, at most 1.</summary>
    /// <value>The default is 1.</value>
    public float FeatureShare { get; set; } = 1;

    /// <summary>The share of rows that each tree sees: above 0, at most 1.</summary>
    /// <value>The default is 1.</value>
    public float RowShare { get; set; } = 1;

    /// <summary>The most bins per feature, the bin of unknown values included: 3 to 255.</summary>
    /// <value>The default is 255.</value>
    public int MaxBins { get; set; } = 255;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDepth, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinChildSamples, 1);
        RequireAtLeastZero(MinChildHessian, nameof(MinChildHessian));
        RequireAtLeastZero(L2, nameof(L2));
        RequireShare(FeatureShare, nameof(FeatureShare));
        RequireShare(RowShare, nameof(RowShare));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBins, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBins, 255);
    }

    private static void RequireAtLeastZero(float value, string name)
    {
        if (!float.IsFinite(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 0.");
        }
    }

    private static void RequireShare(float value, string name)
    {
        if (!(value > 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and at most 1.");
        }
    }
}
