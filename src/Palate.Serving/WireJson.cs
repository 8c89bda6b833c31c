using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>How Palate writes its answers as JSON: snake_case names, absent instead of null.</summary>
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
[JsonSerializable(typeof(GenerationList))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// Apostrophes and letters of any script stay readable: the answers are <c>application/json</c>, never part of a
    /// page.
    /// </summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The context that writes answers.</summary>
    /// <remarks>Made at first use: the order of the static fields of a partial class is not settled.</remarks>
    public static WireJson Answers => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = Encoder });
}
