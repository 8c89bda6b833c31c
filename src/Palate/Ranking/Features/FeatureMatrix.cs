namespace Palate;

/// <summary>The ranker's input for the candidates of one request: features x candidates, column by column.</summary>
/// <remarks>
/// Feature f of candidate c is at <c>Data[f * Stride + c]</c>. The stride is the candidate count rounded up to a
/// multiple of 16, so that a vector of candidates can be read without a tail; the padding is 0. NaN means unknown.
/// </remarks>
public sealed class FeatureMatrix
{
    /// <summary>A matrix of zeros.</summary>
    public FeatureMatrix(int features, int candidates)
        : this(features, candidates, static length => new float[length])
    {
    }

    /// <summary>A matrix of zeros in memory that may be longer than needed.</summary>
    internal FeatureMatrix(int features, int candidates, Func<int, float[]> allocate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(features);
        ArgumentOutOfRangeException.ThrowIfNegative(candidates);
        Features = features;
        Candidates = candidates;
        Stride = (candidates + 15) & ~15;
        Data = allocate(features * Stride);
        Data.AsSpan(0, features * Stride).Clear();
    }

    /// <summary>How many features.</summary>
    public int Features { get; }

    /// <summary>How many candidates.</summary>
    public int Candidates { get; }

    /// <summary>The distance between two features' columns.</summary>
    public int Stride { get; }

    /// <summary>The values, and perhaps more behind them; see the class remarks for the layout.</summary>
    public float[] Data { get; }

    /// <summary>One feature of all candidates.</summary>
    public Span<float> this[int feature] => Data.AsSpan(feature * Stride, Candidates);
}
