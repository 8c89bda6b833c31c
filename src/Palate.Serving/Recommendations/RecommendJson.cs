using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>What <c>/recommend</c> reads and writes: snake_case names, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Recommendation))]
[JsonSerializable(typeof(RecommendBody))]
[JsonSerializable(typeof(RecommendAnswer))]
internal sealed partial class RecommendJson : JsonSerializerContext
{
    /// <summary>The context that writes answers.</summary>
    /// <remarks>Made at first use: the order of the static fields of a partial class is not settled.</remarks>
    public static RecommendJson Answers => field ??= new(WireJson.ForAnswers(Default.Options));
}
