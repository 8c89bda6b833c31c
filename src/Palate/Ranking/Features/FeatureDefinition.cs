namespace Palate;

/// <summary>What one column of the ranker's input is.</summary>
/// <param name="Name">The feature's name, unique in its set, for example <c>als.score</c>.</param>
/// <param name="Unit">Its unit, for example <c>days</c>, <c>share</c> or <c>score</c>.</param>
/// <param name="Meaning">One sentence that says what it measures.</param>
public sealed record FeatureDefinition(string Name, string Unit, string Meaning);
