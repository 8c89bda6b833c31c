namespace Palate.Llm;

/// <summary>What a judge made of the best candidates of a request.</summary>
/// <param name="Candidates">The numbers of the candidates that were judged.</param>
/// <param name="BaseScores">The base score of each.</param>
/// <param name="Fitted">The utilities, fitted when they are first read, on any thread.</param>
/// <param name="Mode">How the judgment came about, and why.</param>
/// <param name="Usage">What it took.</param>
public sealed record JudgedCandidates(
    int[] Candidates, float[] BaseScores, Lazy<float[]> Fitted, Mode Mode, RerankUsage Usage)
{
    /// <summary>
    /// How relevant the judge finds each, higher is better; empty where it gave no judgment of relevance. Reading it first
    /// may take about as long as the answer's own fit.
    /// </summary>
    public float[] Utilities => Fitted.Value;
}
