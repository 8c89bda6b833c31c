namespace Palate.Llm;

/// <summary>A request of the past that a model was asked about, with what proved right: what is learned from.</summary>
/// <param name="Sample">Base, judgment and labels: trust is learned from it.</param>
/// <param name="Ask">What was known before asking: the rule for asking is learned from it.</param>
/// <param name="Features">What a student sees of the candidates; null when none is taught.</param>
/// <param name="Usage">What it took.</param>
public sealed record TrustExample(
    TrustSample Sample, AskFeatures Ask, FeatureMatrix? Features, RerankUsage Usage);
