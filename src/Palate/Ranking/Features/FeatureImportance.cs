namespace Palate;

/// <summary>How much the trees of a model use a feature.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Gain">What its splits took off the training loss, added up.</param>
/// <param name="Splits">How many splits ask it; a level of an oblivious tree counts once.</param>
public sealed record FeatureImportance(string Feature, double Gain, int Splits);
