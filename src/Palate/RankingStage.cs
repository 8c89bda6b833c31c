namespace Palate;

/// <summary>What one stage said of all candidates.</summary>
/// <param name="Name">The stage: <c>retrieve</c>, <c>rank</c>, <c>rerank</c> or <c>shape</c>.</param>
/// <param name="Scores">The stage's score of each candidate, in the order of the candidate set.</param>
public sealed record RankingStage(string Name, float[] Scores);
