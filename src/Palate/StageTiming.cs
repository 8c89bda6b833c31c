namespace Palate;

/// <summary>How long one stage took.</summary>
/// <param name="Stage">The stage: <c>rewrite</c>, <c>retrieve</c>, <c>rank</c>, <c>rerank</c>, <c>shape</c> or <c>explain</c>.</param>
/// <param name="Milliseconds">Wall-clock time.</param>
public readonly record struct StageTiming(string Stage, double Milliseconds);
