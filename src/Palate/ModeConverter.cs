using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate;

/// <summary>Writes a mode as its name; code and reason stand beside it in the answer.</summary>
public sealed class ModeConverter : JsonConverter<Mode>
{
    /// <summary>Not supported: a mode is only written.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Mode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A mode is only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Mode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Name);
    }
}
