using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>What <c>/generations</c> writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GenerationList))]
internal sealed partial class GenerationJson : JsonSerializerContext
{
    /// <summary>The context that writes answers.</summary>
    /// <remarks>Made at first use: the order of the static fields of a partial class is not settled.</remarks>
    public static GenerationJson Answers => field ??= new(WireJson.ForAnswers(Default.Options));
}
