using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>How problems are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>The context that writes answers.</summary>
    /// <remarks>Made at first use: the order of the static fields of a partial class is not settled.</remarks>
    public static ProblemJson Answers => field ??= new(WireJson.ForAnswers(Default.Options));
}
