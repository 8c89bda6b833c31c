namespace Palate;

/// <summary>How trust in a re-ranker is learned.</summary>
public sealed record TrustOptions
{
    /// <summary>How both scores are brought to one scale.</summary>
    /// <value>The default is <see cref="Normalisation.MinMax"/>.</value>
    public Normalisation Normalisation { get; init; } = Normalisation.MinMax;

    /// <summary>How many places the measured NDCG looks at.</summary>
    /// <value>The default is 10. At least 1.</value>
    public int Top { get; init; } = 10;

    /// <summary>Into how many steps the weights from 0 to 1 are divided.</summary>
    /// <value>The default is 20. 1 to 1,000.</value>
    public int Steps { get; init; } = 20;

    /// <summary>The least weight of the base that can be learned.</summary>
    /// <value>The default is 0. 0 to 1.</value>
    public double LeastAlpha { get; init; }

    /// <summary>How many requests with a relevant candidate are needed to trust at all.</summary>
    /// <value>The default is 50. At least 10.</value>
    public int MinRequests { get; init; } = 50;

    /// <summary>How many requests a segment needs for a weight of its own.</summary>
    /// <value>The default is 100. At least 10.</value>
    public int MinSegment { get; init; } = 100;

    /// <summary>How many requests the whole counts for in the estimate of a segment.</summary>
    /// <value>The default is 100. 0 or more.</value>
    public double Shrinkage { get; init; } = 100;

    /// <summary>How often the requests are drawn anew for the intervals.</summary>
    /// <value>The default is 1,000. 100 to 100,000.</value>
    public int Resamples { get; init; } = 1000;

    /// <summary>Fixes the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Top, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Steps, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRequests, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinSegment, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Resamples, 100_000);
        if (!(LeastAlpha >= 0 && LeastAlpha <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(LeastAlpha), LeastAlpha, "LeastAlpha must be from 0 to 1.");
        }

        if (!(Shrinkage >= 0 && double.IsFinite(Shrinkage)))
        {
            throw new ArgumentOutOfRangeException(nameof(Shrinkage), Shrinkage, "Shrinkage must be 0 or more.");
        }
    }
}
