namespace Palate.Serving;

/// <summary>The short answer of <c>GET /recommend</c>.</summary>
/// <param name="UserId">The user of the request, as a string.</param>
/// <param name="Recommendations">Item ids, best first, as strings.</param>
/// <param name="Status">Always <c>success</c>; a failure is a problem.</param>
/// <param name="Metadata">How the answer came about.</param>
/// <remarks>Describes the wire only: the route writes it without building it.</remarks>
internal sealed record RecommendAnswer(
    string UserId, IReadOnlyList<string> Recommendations, string Status, RecommendMetadata Metadata);
