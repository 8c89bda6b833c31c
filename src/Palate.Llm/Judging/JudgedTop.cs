namespace Palate.Llm;

/// <summary>What a judge made of the best candidates of a request.</summary>
/// <param name="Candidates">The numbers of the candidates that were judged.</param>
/// <param name="BaseScores">The base score of each.</param>
/// <param name="Utilities">
/// How relevant the judge finds each, higher is better; empty where it gave no judgment of relevance.
/// </param>
/// <param name="Mode"><c>full</c>, <c>partial</c> or <c>base</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Usage">What it took.</param>
public sealed record JudgedTop(
    int[] Candidates, float[] BaseScores, float[] Utilities, string Mode, string Reason, RerankUsage Usage);
