using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>The answer of <c>GET /generations</c>.</summary>
/// <param name="Serving">The generation that answers requests now; null before the first is loaded.</param>
/// <param name="Current">The generation that the home points to; null when there is none.</param>
/// <param name="Generations">All that can be loaded, newest first.</param>
internal sealed record GenerationList(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Serving,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Current,
    IReadOnlyList<GenerationEntry> Generations);
