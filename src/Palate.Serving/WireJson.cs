using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>How Palate writes its answers as JSON: snake_case names, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Recommendation))]
[JsonSerializable(typeof(RecommendBody))]
[JsonSerializable(typeof(RecommendAnswer))]
[JsonSerializable(typeof(GenerationList))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;
