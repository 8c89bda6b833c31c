namespace Palate;

/// <summary>A question that splits a node, and what it gains; a gain of 0 means that there is none.</summary>
internal readonly record struct TreeSplit(double Gain, int Feature, int Bin, bool MissingRight, GradientSums Left);
