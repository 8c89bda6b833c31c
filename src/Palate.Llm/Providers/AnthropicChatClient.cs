using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A model behind Anthropic's Messages interface.</summary>
/// <remarks>
/// The prefix that the calls of a request share is marked for the provider's cache. Usage counts all of the prompt as
/// input, with what was read from and written to the cache beside it. Otherwise as
/// <see cref="OpenAICompatibleChatClient"/>; first tokens' probabilities are not to be had.
/// </remarks>
public sealed class AnthropicChatClient : IChatClient
{
    private const int DefaultMaxTokens = 1024;
    private const int MaxAttempts = 4;

    private readonly ProviderOptions _options;
    private readonly ProviderErrors _errors;
    private readonly Uri _address;
    private readonly string? _key;
    private readonly ModelLacks _lacks = new();
    private readonly ChatClientMetadata _metadata;

    /// <summary>A client for one provider.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong, or the key cannot be read.</exception>
    public AnthropicChatClient(ProviderOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options with { Kind = ProviderKind.Anthropic };
        string root = _options.Address().AbsoluteUri.TrimEnd('/');
        _address = new Uri(root + (root.EndsWith("/v1", StringComparison.Ordinal) ? "/messages" : "/v1/messages"));
        _key = _options.ReadKey();
        _errors = new ProviderErrors(options.Name, _address, options.Key, _key, time ?? TimeProvider.System);
        _metadata = new ChatClientMetadata("Anthropic", _address, options.Model);
    }

    /// <summary>How replies of a model are kept in form, as far as is known; null for the configured model.</summary>
    public ReplyForm FormOf(string? model = null) =>
        _lacks.Form(model ?? _options.Model) == ReplyForm.Schema ? ReplyForm.Schema : ReplyForm.Text;

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">The provider refused, failed, was not reached, or its reply is unusable.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using HttpResponseMessage answer = await SendAsync(messages, options, isStreaming: false, cancellationToken);
        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        ReadOnlyMemory<byte> body = await ProviderHttp.ReadAsync(stream, _errors, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            JsonElement content = OpenAIWire.Object(root, "content", JsonValueKind.Array)
                ?? throw new JsonException("it has no content");
            string text = string.Concat(content.EnumerateArray()
                .Where(block => OpenAIWire.String(block, "type") == "text")
                .Select(block => OpenAIWire.String(block, "text")));
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
            {
                ResponseId = OpenAIWire.String(root, "id"),
                ModelId = OpenAIWire.String(root, "model"),
                FinishReason = Finish(OpenAIWire.String(root, "stop_reason")),
                Usage = OpenAIWire.Object(root, "usage", JsonValueKind.Object) is { } usage ? new Counts().Read(usage) : null,
            };
        }
        catch (JsonException e)
        {
            throw _errors.Malformed(e.Message, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">As above; what came before it stays valid.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using HttpResponseMessage answer = await SendAsync(messages, options, isStreaming: true, cancellationToken);
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var counts = new Counts();
        string? id = null;
        string? model = null;
        await foreach (ServerEvents piece in ProviderHttp.EventsAsync(body, _errors, cancellationToken))
        {
            var update = new ChatResponseUpdate { Role = ChatRole.Assistant };
            string? type;
            try
            {
                using var document = JsonDocument.Parse(piece.Data);
                JsonElement root = document.RootElement;
                type = OpenAIWire.String(root, "type");
                if (OpenAIWire.Object(root, "message", JsonValueKind.Object) is { } message)
                {
                    id = OpenAIWire.String(message, "id");
                    model = OpenAIWire.String(message, "model");
                    Count(message);
                }

                if (OpenAIWire.Object(root, "delta", JsonValueKind.Object) is { } delta)
                {
                    if (OpenAIWire.String(delta, "text") is { Length: > 0 } text)
                    {
                        update.Contents.Add(new TextContent(text));
                    }

                    update.FinishReason = Finish(OpenAIWire.String(delta, "stop_reason"));
                }

                Count(root);
            }
            catch (JsonException e)
            {
                throw _errors.Malformed(e.Message, e);
            }

            if (type == "error")
            {
                throw _errors.Reported(piece.Data.Span);
            }

            (update.ResponseId, update.ModelId) = (id, model);
            if (update.FinishReason is not null && counts.Last is { } usage)
            {
                update.Contents.Add(new UsageContent(usage));
            }

            if (update.Contents.Count > 0 || update.FinishReason is not null)
            {
                yield return update;
            }

            if (type == "message_stop")
            {
                yield break;
            }
        }

        throw _errors.Cut();

        void Count(JsonElement parent)
        {
            if (OpenAIWire.Object(parent, "usage", JsonValueKind.Object) is { } usage)
            {
                counts.Read(usage);
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to release: connections are shared.</summary>
    public void Dispose()
    {
    }

    private async Task<HttpResponseMessage> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStreaming, CancellationToken stop)
    {
        string model = options?.ModelId ?? _options.Model;
        for (int attempt = 1; ; attempt++)
        {
            (ReadOnlyMemory<byte> body, ModelLacks.Part sent) = Write(messages, options, model, isStreaming);
            try
            {
                return await ProviderHttp.PostAsync(
                    _address,
                    body,
                    headers =>
                    {
                        headers.TryAddWithoutValidation("x-api-key", _key);
                        headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
                    },
                    _errors,
                    stop);
            }
            catch (ModelCallException e) when (e.Kind == ModelCallFailure.Invalid && attempt < MaxAttempts
                && _lacks.Learn(model, sent, e.Message))
            {
                // Once more without what the model does not take.
            }
        }
    }

    private (ReadOnlyMemory<byte> Body, ModelLacks.Part Sent) Write(
        IEnumerable<ChatMessage> messages, ChatOptions? options, string model, bool isStreaming)
    {
        ModelLacks.Part lacks = _lacks.Of(model);
        var sent = ModelLacks.Part.None;
        bool isMarked = _options.CachePrefix && !lacks.HasFlag(ModelLacks.Part.CacheHints);
        List<PromptParts.Part> parts = PromptParts.Of(
            messages,
            options,
            isMarked ? CallContext.Of(options).SharedPrefixBytes : 0,
            OpenAIWire.SchemaText(options, lacks));
        using var buffer = new RentedBytes();
        using (var json = new Utf8JsonWriter(buffer, OpenAIWire.Writing))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteNumber("max_tokens", options?.MaxOutputTokens ?? DefaultMaxTokens);
            json.WriteStartArray("system");
            foreach (PromptParts.Part part in parts.Where(part => part.Role == ChatRole.System))
            {
                WriteBlock(json, part);
            }

            json.WriteEndArray();
            WriteMessages(json, parts);
            sent |= parts.Exists(part => part.EndsPrefix) ? ModelLacks.Part.CacheHints : 0;
            if (options?.Temperature is { } temperature && !lacks.HasFlag(ModelLacks.Part.Temperature))
            {
                sent |= ModelLacks.Part.Temperature;
                json.WriteNumber("temperature", temperature);
            }

            if (options?.StopSequences is { Count: > 0 } stops)
            {
                json.WriteStartArray("stop_sequences");
                foreach (string stop in stops)
                {
                    json.WriteStringValue(stop);
                }

                json.WriteEndArray();
            }

            if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema }
                && !lacks.HasFlag(ModelLacks.Part.Schema))
            {
                sent |= ModelLacks.Part.Schema;
                json.WriteStartObject("output_config");
                json.WriteStartObject("format");
                json.WriteString("type", "json_schema");
                json.WritePropertyName("schema");
                schema.WriteTo(json);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            if (isStreaming)
            {
                json.WriteBoolean("stream", true);
            }

            json.WriteEndObject();
        }

        return (buffer.ToArray(), sent);
    }

    // Neighbouring parts of one role are blocks of one message.
    private static void WriteMessages(Utf8JsonWriter json, List<PromptParts.Part> parts)
    {
        json.WriteStartArray("messages");
        ChatRole? open = null;
        foreach (PromptParts.Part part in parts.Where(part => part.Role != ChatRole.System))
        {
            if (open != part.Role)
            {
                Close();
                open = part.Role;
                json.WriteStartObject();
                json.WriteString("role", part.Role == ChatRole.Assistant ? "assistant" : "user");
                json.WriteStartArray("content");
            }

            WriteBlock(json, part);
        }

        Close();
        json.WriteEndArray();

        void Close()
        {
            if (open is not null)
            {
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, PromptParts.Part part)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", part.Text);
        if (part.EndsPrefix)
        {
            json.WriteStartObject("cache_control");
            json.WriteString("type", "ephemeral");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null => null,
        "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "refusal" => ChatFinishReason.ContentFilter,
        "tool_use" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason.Length > 0 ? reason : "unknown"),
    };

    /// <summary>Adds up usage that comes in pieces: each piece replaces what it names.</summary>
    private sealed class Counts
    {
        private long _fresh;
        private long _read;
        private long _written;
        private long _output;

        public UsageDetails? Last { get; private set; }

        public UsageDetails Read(JsonElement usage)
        {
            _fresh = OpenAIWire.Number(usage, "input_tokens") ?? _fresh;
            _read = OpenAIWire.Number(usage, "cache_read_input_tokens") ?? _read;
            _written = OpenAIWire.Number(usage, "cache_creation_input_tokens") ?? _written;
            _output = OpenAIWire.Number(usage, "output_tokens") ?? _output;

            // Their input is what was neither read from nor written to the cache; ours is all of the prompt.
            long input = _fresh + _read + _written;
            Last = new UsageDetails
            {
                InputTokenCount = input,
                CachedInputTokenCount = _read,
                OutputTokenCount = _output,
                TotalTokenCount = input + _output,
                AdditionalCounts = new() { [CallUsage.CacheWriteCount] = _written },
            };
            return Last;
        }
    }
}
