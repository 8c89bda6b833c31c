using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>An id on the wire: a string, or a whole number that is read as its digits.</summary>
/// <param name="Text">The id as the engine knows it.</param>
/// <remarks>Ids are strings everywhere in Palate; many callers hold them as numbers, and 42 means "42".</remarks>
[JsonConverter(typeof(Converter))]
internal readonly record struct ExternalId(string Text)
{
    internal sealed class Converter : JsonConverter<ExternalId>
    {
        public override ExternalId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return new ExternalId(reader.GetString()!);
            }

            if (reader.TokenType == JsonTokenType.Number)
            {
                string digits = Encoding.UTF8.GetString(
                    reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
                if (digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
                {
                    return new ExternalId(digits);
                }
            }

            throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, ExternalId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
