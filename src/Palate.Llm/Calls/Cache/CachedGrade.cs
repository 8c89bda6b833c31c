namespace Palate.Llm;

/// <summary>What a model said of one item in one context.</summary>
/// <param name="Grade">From 0 to 1.</param>
/// <param name="Rationale">The reason, or null when none was asked for.</param>
public sealed record CachedGrade(double Grade, string? Rationale = null);
