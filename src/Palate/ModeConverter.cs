using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate;

/// <summary>Writes a mode as its name, and reads it so; code and reason stand behind it in the answer.</summary>
public sealed class ModeConverter : JsonConverter<Mode>
{
    /// <inheritdoc/>
    public override Mode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Mode.Of(reader.GetString() ?? "base", "", "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Mode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Name);
    }
}
