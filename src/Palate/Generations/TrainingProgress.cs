namespace Palate;

/// <summary>How far a training is.</summary>
/// <param name="Done">The share that is done, 0 to 1.</param>
/// <param name="Step">What is being done now.</param>
public readonly record struct TrainingProgress(double Done, string Step);
