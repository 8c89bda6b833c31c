namespace Palate.Serving;

/// <summary>How a short answer came about.</summary>
/// <param name="ModelVersion">The generation that answered.</param>
/// <param name="Mode">How the answer came about.</param>
/// <param name="ReasonCode">The code of why the mode is what it is.</param>
/// <param name="Reason">Why the mode is what it is.</param>
internal sealed record RecommendMetadata(string ModelVersion, string Mode, string ReasonCode, string Reason);
