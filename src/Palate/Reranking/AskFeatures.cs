namespace Palate;

/// <summary>What is known of a request before the model is asked.</summary>
/// <param name="TopGap">
/// How far the last of the top is ahead of the first behind it, in standard deviations of the base scores; 3 at most.
/// </param>
/// <param name="Undecided">The share of candidates within a quarter of a standard deviation of the cut.</param>
/// <param name="History">How many items the user's history has.</param>
/// <param name="QueryWords">How many words the query has; 0 without one.</param>
public readonly record struct AskFeatures(double TopGap, double Undecided, int History, int QueryWords)
{
    private const double Near = 0.25;
    private const double MaxGap = 3;

    internal static readonly string[] Names = ["top_gap", "undecided", "history", "query_words"];

    /// <summary>Reads a request off its base ranking.</summary>
    /// <param name="baseScores">The base score of each candidate, finite.</param>
    /// <param name="top">How many places matter, at least 1.</param>
    /// <param name="history">How many items the user's history has.</param>
    /// <param name="query">What the user typed, or null.</param>
    public static AskFeatures Of(ReadOnlySpan<float> baseScores, int top, int history, string? query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(history);
        int words = 0;
        if (query is not null)
        {
            foreach (ReadOnlySpan<char> _ in new Tokenizer(query, stackalloc char[Tokenizer.MaxTermLength]))
            {
                words++;
            }
        }

        float[] sorted = Normaliser.Apply(Normalisation.ZScore, baseScores);
        Array.Sort(sorted, (a, b) => b.CompareTo(a));
        if (sorted.Length <= top)
        {
            // Everything is in the top: no membership to decide, but no order that is settled either.
            return new AskFeatures(0, sorted.Length > 1 ? 1 : 0, history, words);
        }

        float cut = sorted[top - 1];
        int near = sorted.Count(score => Math.Abs(score - cut) <= Near) - 1;
        return new AskFeatures(
            Math.Min(MaxGap, cut - sorted[top]), near / (sorted.Length - 1.0), history, words);
    }

    /// <summary>The columns that the rule learns from; counts by their logarithm.</summary>
    internal void Fill(Span<float> columns)
    {
        columns[0] = (float)TopGap;
        columns[1] = (float)Undecided;
        columns[2] = MathF.Log(1 + History);
        columns[3] = MathF.Log(1 + QueryWords);
    }
}
