using System.Text.Encodings.Web;
using System.Text.Json;

namespace Palate.Storage;

/// <summary>Attributes as they are stored: a JSON object of arrays of strings, keys in ordinal order.</summary>
internal static class AttributesJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyDictionary<string, IReadOnlyList<string>> attributes)
    {
        if (attributes.Count == 0)
        {
            return "{}";
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (string name in attributes.Keys.Order(StringComparer.Ordinal))
            {
                writer.WriteStartArray(name);
                foreach (string value in attributes[name])
                {
                    writer.WriteStringValue(value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="StoreException">The text is no such object.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string json, string owner)
    {
        if (json == "{}")
        {
            return Palate.Attributes.None;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                attributes[property.Name] =
                    [.. property.Value.EnumerateArray().Select(value => value.GetString() ?? "")];
            }

            return attributes;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new StoreException(
                $"The stored attributes of '{owner}' are damaged: {e.Message} Import them again.", e);
        }
    }
}
