namespace Palate.Llm;

/// <summary>What a model made of one request, as numbers alone: what a student learns from.</summary>
/// <remarks>It has no words, and no ids of users or items.</remarks>
/// <param name="Pipeline">The pipeline that asked.</param>
/// <param name="Model">The model's name in the settings.</param>
/// <param name="Segment">The kind of the request.</param>
/// <param name="BaseScores">The base score of each candidate.</param>
/// <param name="Utilities">What the model made of each, finite; higher is better.</param>
/// <param name="Features">The candidates as <see cref="CrossFeatures"/> sees them.</param>
public sealed record StudentExample(
    string Pipeline, string Model, string Segment, float[] BaseScores, float[] Utilities, FeatureMatrix Features);
