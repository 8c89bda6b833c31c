namespace Palate;

/// <summary>How LambdaRank weighs the pairs of a group.</summary>
public sealed class LambdaRankOptions
{
    /// <summary>Pairs count when their better-placed row is in the first so many places: at least 1.</summary>
    /// <value>The default is 30; take a little more than the number of places that matter.</value>
    public int TruncationLevel { get; set; } = 30;

    /// <summary>What a label is worth.</summary>
    /// <value>The default is <see cref="LabelGain.Exponential"/>.</value>
    public LabelGain Gain { get; set; } = LabelGain.Exponential;

    /// <summary>The steepness of the pairwise probability: above 0.</summary>
    /// <value>The default is 1.</value>
    public float Sigmoid { get; set; } = 1;

    /// <summary>Whether every group's gradients are brought to one scale (LightGBM's <c>lambdarank_norm</c>).</summary>
    /// <value>The default is true.</value>
    public bool Normalise { get; set; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TruncationLevel, 1);
        if (!float.IsFinite(Sigmoid) || Sigmoid <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Sigmoid), Sigmoid, "Sigmoid must be finite and above 0.");
        }
    }
}
