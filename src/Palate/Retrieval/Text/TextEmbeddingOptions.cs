namespace Palate;

/// <summary>How <see cref="TextEmbedding"/> is fitted.</summary>
public sealed record TextEmbeddingOptions
{
    /// <summary>The length of an embedding, 1 to 1024.</summary>
    /// <value>The default is 64.</value>
    public int Dimensions { get; init; } = 64;

    /// <summary>A term counts when at least this many texts hold it, 1 or more.</summary>
    /// <value>The default is 2: a term of one text connects nothing.</value>
    public int MinTexts { get; init; } = 2;

    /// <summary>A term counts when at most this share of the texts holds it, above 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public double MaxShare { get; init; } = 0.5;

    /// <summary>At most this many terms count, those of the most texts first; 1 or more.</summary>
    /// <value>The default is 50,000, which costs 13 MB at 64 dimensions.</value>
    public int MaxTerms { get; init; } = 50_000;

    /// <summary>How often the subspace is iterated, 1 to 100; more is closer to the exact decomposition.</summary>
    /// <value>The default is 5.</value>
    public int Iterations { get; init; } = 5;

    /// <summary>How many semantic clusters the items are put into; at least 1.</summary>
    /// <value>The default is 32.</value>
    public int Clusters { get; init; } = 32;

    /// <summary>The seed of the random start.</summary>
    public ulong Seed { get; init; } = 42;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dimensions, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinTexts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTerms, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Clusters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Iterations, 100);
        if (MaxShare is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxShare), MaxShare, "MaxShare is a share of the texts: above 0 and at most 1.");
        }
    }
}
