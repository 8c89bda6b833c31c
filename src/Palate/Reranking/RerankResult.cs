namespace Palate;

/// <summary>What a re-ranker found, and how.</summary>
/// <param name="Scores">One finite score per candidate, in the order of the candidate set.</param>
/// <param name="Mode">How it came about, and why.</param>
public sealed record RerankResult(float[] Scores, Mode Mode)
{
    /// <summary>Whether the base order is meant to stand: nobody else is to be asked either.</summary>
    public bool IsDecided { get; init; }

    /// <summary>What it cost; null when nothing was asked.</summary>
    public RerankUsage? Usage { get; init; }

    /// <summary>What led to the score of a candidate, by candidate number; null when there is nothing to say.</summary>
    public Func<int, Explanation?>? Explain { get; init; }
}
