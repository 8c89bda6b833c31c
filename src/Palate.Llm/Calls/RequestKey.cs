using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Names a call by everything that can change its reply: SHA-256 over all of it, as hexadecimal text.</summary>
/// <remarks>
/// Each part has its length before it, so that no two requests write the same bytes. Hashing costs about 1 microsecond
/// for a thousand characters.
/// </remarks>
internal static class RequestKey
{
    /// <summary>Raised when what is hashed changes, so that old entries are not found.</summary>
    private const int Version = 1;

    /// <summary>The key of a call, or null when it holds what cannot be compared: it must not be cached or shared.</summary>
    /// <param name="messages">The prompt.</param>
    /// <param name="options">The options with the call's context.</param>
    /// <param name="defaultModel">The model when the options name none.</param>
    /// <param name="withTenant">Whether calls of different tenants have different keys.</param>
    public static string? Of(IEnumerable<ChatMessage> messages, ChatOptions? options, string defaultModel, bool withTenant)
    {
        if (options is { RawRepresentationFactory: not null } or { ContinuationToken: not null })
        {
            return null;
        }

        CallContext context = CallContext.Of(options);
        using var writer = new Writer();
        writer.Add(Version);
        writer.Add(options?.ModelId ?? defaultModel);
        writer.Add(withTenant ? context.Tenant : "");
        writer.Add(context.TemplateHash);
        writer.Add(context.TopLogProbabilities);
        writer.Add(context.Repeat);
        if (!AddOptions(writer, options))
        {
            return null;
        }

        foreach (ChatMessage message in messages)
        {
            writer.Add(message.Role.Value);
            writer.Add(message.AuthorName);
            writer.Add(message.Contents.Count);
            foreach (AIContent content in message.Contents)
            {
                if (content is not TextContent text)
                {
                    return null;
                }

                writer.Add(text.Text);
            }
        }

        return writer.Hash();
    }

    /// <summary>The model that a client asks when a call names none; empty when it does not say.</summary>
    public static string ModelOf(ChatOptions? options, IChatClient client) =>
        options?.ModelId ?? client.GetService<ChatClientMetadata>()?.DefaultModelId ?? "";

    /// <summary>Hashes parts that together name something.</summary>
    public static string Of(params ReadOnlySpan<string?> parts)
    {
        using var writer = new Writer();
        writer.Add(Version);
        foreach (string? part in parts)
        {
            writer.Add(part);
        }

        return writer.Hash();
    }

    private static bool AddOptions(Writer writer, ChatOptions? options)
    {
        if (options is null)
        {
            options = NoOptions;
        }

        writer.Add(options.ConversationId);
        writer.Add(options.Instructions);
        writer.Add(options.Temperature);
        writer.Add(options.TopP);
        writer.Add(options.TopK);
        writer.Add(options.FrequencyPenalty);
        writer.Add(options.PresencePenalty);
        writer.Add(options.Seed);
        writer.Add(options.MaxOutputTokens);
        writer.Add(options.AllowMultipleToolCalls is { } several ? several ? 1 : 0 : null);
        writer.Add(options.AllowBackgroundResponses is { } background ? background ? 1 : 0 : null);
        writer.Add(options.Reasoning?.Effort?.ToString());
        writer.Add(options.Reasoning?.Output?.ToString());
        switch (options.ResponseFormat)
        {
            case ChatResponseFormatJson json:
                writer.Add("json");
                writer.Add(json.SchemaName);
                writer.Add(json.SchemaDescription);
                writer.Add(json.Schema);
                break;
            case ChatResponseFormat other:
                writer.Add(other.GetType().Name);
                break;
            default:
                writer.Add((string?)null);
                break;
        }

        writer.Add(options.StopSequences?.Count);
        foreach (string stop in options.StopSequences ?? [])
        {
            writer.Add(stop);
        }

        writer.Add(options.ToolMode is null ? null : options.ToolMode is RequiredChatToolMode required
            ? "required " + required.RequiredFunctionName
            : options.ToolMode.GetType().Name);
        writer.Add(options.Tools?.Count);
        foreach (AITool tool in options.Tools ?? [])
        {
            if (tool is not AIFunctionDeclaration function)
            {
                return false;
            }

            writer.Add(function.Name);
            writer.Add(function.Description);
            writer.Add(function.JsonSchema.GetRawText());
        }

        return AddProperties(writer, options.AdditionalProperties);
    }

    private static bool AddProperties(Writer writer, AdditionalPropertiesDictionary? properties)
    {
        if (properties is null || (properties.Count == 1 && CallContext.IsKey(properties.Keys.First())))
        {
            writer.Add(0);
            return true;
        }

        string[] names = [.. properties.Keys.Where(name => !CallContext.IsKey(name)).Order(StringComparer.Ordinal)];
        writer.Add(names.Length);
        foreach (string name in names)
        {
            // A value whose text does not tell it apart from every other cannot be compared.
            string? text = properties[name] switch
            {
                null => "null",
                string value => "s" + value,
                bool value => value ? "true" : "false",
                JsonElement value => "j" + value.GetRawText(),
                IEnumerable<string> values => "l" + JsonSerializer.Serialize(values),
                IEnumerable => null,
                IFormattable value and (sbyte or byte or short or ushort or int or uint or long or ulong or float or double
                    or decimal or Enum) => "n" + value.ToString(null, CultureInfo.InvariantCulture),
                _ => null,
            };
            if (text is null)
            {
                return false;
            }

            writer.Add(name);
            writer.Add(text);
        }

        return true;
    }

    private static readonly ChatOptions NoOptions = new();

    private sealed class Writer : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
        private int _length;

        public void Add(string? text)
        {
            if (text is null)
            {
                Add(-1);
                return;
            }

            Ensure(Encoding.UTF8.GetMaxByteCount(text.Length) + sizeof(int));

            // A lone surrogate becomes the replacement character; the length in characters does not tell those apart,
            // but no such text reaches a model in any other form either.
            int written = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), written);
            _length += sizeof(int) + written;
        }

        // As the text of the same element.
        public void Add(JsonElement? element)
        {
            if (element is not { } given)
            {
                Add(-1);
                return;
            }

            ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(given);
            Add(raw.Length);
            Ensure(raw.Length);
            raw.CopyTo(_bytes.AsSpan(_length));
            _length += raw.Length;
        }

        public void Add(int value)
        {
            Ensure(sizeof(int));
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), value);
            _length += sizeof(int);
        }

        public void Add(long? value)
        {
            Ensure(sizeof(long) + 1);
            _bytes[_length] = value is null ? (byte)0 : (byte)1;
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length + 1), value ?? 0);
            _length += sizeof(long) + 1;
        }

        public void Add(float? value) => Add(value is { } number ? BitConverter.SingleToInt32Bits(number) : (long?)null);

        public string Hash()
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(_bytes.AsSpan(0, _length), hash);
            return Convert.ToHexStringLower(hash);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

        private void Ensure(int more)
        {
            if (_bytes.Length - _length < more)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
        }
    }
}
