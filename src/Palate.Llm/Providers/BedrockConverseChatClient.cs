using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A model behind Amazon Bedrock's Converse interface, with an API key as bearer token.</summary>
/// <remarks>
/// Streamed replies come in Amazon's binary event stream, see <see cref="AmazonEvents"/>. The form of a reply is asked for
/// in the prompt. Otherwise as <see cref="AnthropicChatClient"/>.
/// </remarks>
internal sealed class BedrockConverseChatClient : IChatClient
{
    private const int MaxAttempts = 3;

    private readonly ProviderOptions _options;
    private readonly ProviderErrors _errors;
    private readonly string _root;
    private readonly string? _key;
    private readonly ModelLacks _lacks = new();
    private readonly ChatClientMetadata _metadata;

    /// <summary>A client for one provider.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong, or the key cannot be read.</exception>
    public BedrockConverseChatClient(ProviderOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options with { Kind = ProviderKind.BedrockConverse };
        Uri address = _options.Address();
        _root = address.AbsoluteUri.TrimEnd('/');
        _key = _options.ReadKey();
        _errors = new ProviderErrors(options.Name, address, options.Key, _key, time ?? TimeProvider.System);
        _metadata = new ChatClientMetadata("BedrockConverse", address, options.Model);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">The provider refused, failed, was not reached, or its reply is unusable.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string model = ModelOf(options);
        using HttpResponseMessage answer = await SendAsync(messages, options, model, "converse", cancellationToken);
        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return Read(await ProviderHttp.ReadAsync(stream, _errors, cancellationToken), model);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">As above; what came before it stays valid.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string model = ModelOf(options);
        using HttpResponseMessage answer = await SendAsync(messages, options, model, "converse-stream", cancellationToken);
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        bool hasStopped = false;
        await foreach (AmazonEvents frame in ProviderHttp.AmazonEventsAsync(body, _errors, cancellationToken))
        {
            ChatResponseUpdate update = Read(frame, model);
            hasStopped |= update.FinishReason is not null;
            if (update.Contents.Count > 0 || update.FinishReason is not null)
            {
                yield return update;
            }

            // The usage comes last, behind the end of the message.
            if (hasStopped && frame.Name == "metadata")
            {
                yield break;
            }
        }

        if (!hasStopped)
        {
            throw _errors.Cut();
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

    private string ModelOf(ChatOptions? options) => options?.ModelId ?? _options.Model;

    private async Task<HttpResponseMessage> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, string model, string operation, CancellationToken stop)
    {
        var address = new Uri($"{_root}/model/{Uri.EscapeDataString(model)}/{operation}");
        for (int attempt = 1; ; attempt++)
        {
            (ReadOnlyMemory<byte> body, ModelLacks.Part sent) = Write(messages, options, _lacks.Of(model));
            try
            {
                return await ProviderHttp.PostAsync(
                    address,
                    body,
                    headers => headers.TryAddWithoutValidation("Authorization", "Bearer " + _key),
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

    private ChatResponseUpdate Read(AmazonEvents frame, string model)
    {
        if (frame.Kind != "event")
        {
            ReadOnlyMemory<byte> words = frame.Payload.IsEmpty ? Encoding.UTF8.GetBytes(frame.Name) : frame.Payload;
            throw _errors.Reported(words.Span, frame.Name switch
            {
                "throttlingException" => ModelCallFailure.RateLimited,
                "validationException" => ModelCallFailure.Invalid,
                "accessDeniedException" => ModelCallFailure.Rejected,
                "modelTimeoutException" => ModelCallFailure.Timeout,
                _ => ModelCallFailure.Server,
            });
        }

        var update = new ChatResponseUpdate { Role = ChatRole.Assistant, ModelId = model };
        try
        {
            using var document = JsonDocument.Parse(frame.Payload);
            JsonElement root = document.RootElement;
            if (frame.Name == "contentBlockDelta" && OpenAIWire.Object(root, "delta", JsonValueKind.Object) is { } delta
                && OpenAIWire.String(delta, "text") is { Length: > 0 } text)
            {
                update.Contents.Add(new TextContent(text));
            }
            else if (frame.Name == "messageStop")
            {
                update.FinishReason = Finish(OpenAIWire.String(root, "stopReason") ?? "");
            }
            else if (frame.Name == "metadata" && Usage(root) is { } usage)
            {
                update.Contents.Add(new UsageContent(usage));
            }
        }
        catch (JsonException e)
        {
            throw _errors.Malformed(e.Message, e);
        }

        return update;
    }

    private (ReadOnlyMemory<byte> Body, ModelLacks.Part Sent) Write(
        IEnumerable<ChatMessage> messages, ChatOptions? options, ModelLacks.Part lacks)
    {
        bool isMarked = _options.CachePrefix && !lacks.HasFlag(ModelLacks.Part.CacheHints);
        List<PromptParts.Part> parts = PromptParts.Of(
            messages,
            options,
            isMarked ? CallContext.Of(options).SharedPrefixBytes : 0,
            OpenAIWire.SchemaText(options, ModelLacks.Part.Schema));
        ModelLacks.Part sent = parts.Exists(part => part.EndsPrefix) ? ModelLacks.Part.CacheHints : ModelLacks.Part.None;
        using var buffer = new RentedBytes();
        using (var json = new Utf8JsonWriter(buffer, OpenAIWire.Writing))
        {
            json.WriteStartObject();
            json.WriteStartArray("system");
            foreach (PromptParts.Part part in parts.Where(part => part.Role == ChatRole.System))
            {
                WriteBlock(json, part);
            }

            json.WriteEndArray();
            json.WriteStartArray("messages");
            foreach (PromptParts.Part[] run in Runs(parts))
            {
                json.WriteStartObject();
                json.WriteString("role", run[0].Role == ChatRole.Assistant ? "assistant" : "user");
                json.WriteStartArray("content");
                foreach (PromptParts.Part part in run)
                {
                    WriteBlock(json, part);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            sent |= WriteInference(json, options, lacks);
            json.WriteEndObject();
        }

        return (buffer.ToArray(), sent);
    }

    private static ModelLacks.Part WriteInference(Utf8JsonWriter json, ChatOptions? options, ModelLacks.Part lacks)
    {
        var sent = ModelLacks.Part.None;
        json.WriteStartObject("inferenceConfig");
        if (options?.MaxOutputTokens is { } most)
        {
            json.WriteNumber("maxTokens", most);
        }

        if (options?.Temperature is { } temperature && !lacks.HasFlag(ModelLacks.Part.Temperature))
        {
            sent |= ModelLacks.Part.Temperature;
            json.WriteNumber("temperature", temperature);
        }

        if (options?.TopP is { } topP)
        {
            json.WriteNumber("topP", topP);
        }

        if (options?.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stopSequences");
            foreach (string stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        return sent;
    }

    private static IEnumerable<PromptParts.Part[]> Runs(List<PromptParts.Part> parts)
    {
        var run = new List<PromptParts.Part>();
        foreach (PromptParts.Part part in parts.Where(part => part.Role != ChatRole.System))
        {
            if (run.Count > 0 && run[0].Role != part.Role)
            {
                yield return [.. run];
                run.Clear();
            }

            run.Add(part);
        }

        if (run.Count > 0)
        {
            yield return [.. run];
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, PromptParts.Part part)
    {
        json.WriteStartObject();
        json.WriteString("text", part.Text);
        json.WriteEndObject();
        if (part.EndsPrefix)
        {
            json.WriteStartObject();
            json.WriteStartObject("cachePoint");
            json.WriteString("type", "default");
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private ChatResponse Read(ReadOnlyMemory<byte> body, string model)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (OpenAIWire.Object(root, "output", JsonValueKind.Object) is not { } output
                || OpenAIWire.Object(output, "message", JsonValueKind.Object) is not { } message
                || OpenAIWire.Object(message, "content", JsonValueKind.Array) is not { } content)
            {
                throw new JsonException("it has no message with content");
            }

            string text = string.Concat(content.EnumerateArray().Select(block => OpenAIWire.String(block, "text")));
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
            {
                ModelId = model,
                FinishReason = Finish(OpenAIWire.String(root, "stopReason")),
                Usage = Usage(root),
            };
        }
        catch (JsonException e)
        {
            throw _errors.Malformed(e.Message, e);
        }
    }

    private static UsageDetails? Usage(JsonElement root)
    {
        if (OpenAIWire.Object(root, "usage", JsonValueKind.Object) is not { } usage)
        {
            return null;
        }

        long read = OpenAIWire.Number(usage, "cacheReadInputTokens") ?? 0;
        long written = OpenAIWire.Number(usage, "cacheWriteInputTokens") ?? 0;
        long input = (OpenAIWire.Number(usage, "inputTokens") ?? 0) + read + written;
        long output = OpenAIWire.Number(usage, "outputTokens") ?? 0;
        return new UsageDetails
        {
            InputTokenCount = input,
            CachedInputTokenCount = read,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            AdditionalCounts = new() { [CallUsage.CacheWriteCount] = written },
        };
    }

    private static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null => null,
        "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "guardrail_intervened" or "content_filtered" => ChatFinishReason.ContentFilter,
        "tool_use" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason.Length > 0 ? reason : "unknown"),
    };
}
