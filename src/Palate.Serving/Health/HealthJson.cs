using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>What <c>/health</c> writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    /// <summary>The context that writes answers.</summary>
    /// <remarks>Made at first use: the order of the static fields of a partial class is not settled.</remarks>
    public static HealthJson Answers => field ??= new(WireJson.ForAnswers(Default.Options));
}
