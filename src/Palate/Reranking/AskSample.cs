namespace Palate;

/// <summary>One request of the past for which the model was asked.</summary>
/// <param name="Features">What was known before.</param>
/// <param name="Gain">What asking brought: NDCG after less NDCG before; can be negative.</param>
public sealed record AskSample(AskFeatures Features, double Gain);
