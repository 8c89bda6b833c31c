namespace Palate;

/// <summary>What one stage said of one item.</summary>
/// <param name="Stage">The stage: <c>retrieve</c>, <c>rank</c>, <c>rerank</c> or <c>shape</c>.</param>
/// <param name="Raw">The stage's own score.</param>
/// <param name="Normalised">The raw score mapped to 0..1 within the request (least to greatest).</param>
/// <param name="Rank">The item's place after the stage, 1-based.</param>
public readonly record struct StageScore(string Stage, float Raw, float Normalised, int Rank);
