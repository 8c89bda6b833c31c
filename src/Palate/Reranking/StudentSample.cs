namespace Palate;

/// <summary>One request that the model judged, for a student to learn from.</summary>
/// <param name="Features">The candidates as <see cref="CrossFeatures"/> sees them.</param>
/// <param name="Utilities">What the model made of each candidate, finite; higher is better.</param>
public sealed record StudentSample(FeatureMatrix Features, float[] Utilities);
