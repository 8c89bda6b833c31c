namespace Palate.Llm;

/// <summary>What a rerank interface said.</summary>
/// <param name="Scores">A score for each document, in their order; NaN where there is none.</param>
/// <param name="Tokens">The tokens that it reports; 0 when it reports none.</param>
/// <param name="SearchUnits">The units that it bills; 0 when it reports none.</param>
public sealed record RerankScores(double[] Scores, long Tokens, long SearchUnits);
