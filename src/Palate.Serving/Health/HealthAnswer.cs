namespace Palate.Serving;

/// <summary>The answer of the health routes.</summary>
/// <param name="Status">
/// <c>live</c>, <c>ready</c>, <c>degraded</c> (an older generation answers) or <c>not_ready</c>.
/// </param>
/// <param name="Generation">The generation that answers; null when none does.</param>
/// <param name="Reason">What is wrong, in a sentence; null when nothing is.</param>
internal sealed record HealthAnswer(string Status, string? Generation = null, string? Reason = null);
