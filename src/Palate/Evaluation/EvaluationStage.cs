namespace Palate;

/// <summary>A stage to evaluate.</summary>
/// <param name="Name">Its name in the report, unique.</param>
/// <param name="Rank">What it does.</param>
public sealed record EvaluationStage(string Name, RankItems Rank);
