using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>The OpenAI format: what is sent to <c>/chat/completions</c>, and what comes back.</summary>
internal static class OpenAIWire
{
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MaxTopLogProbabilities = 20;

    // OpenAI takes keys of up to 64 characters; half of that is unique enough.
    private const int HintLength = 32;

    /// <summary>Writes a request.</summary>
    /// <returns>The body, and the parts in it that a server may not know.</returns>
    public static (ReadOnlyMemory<byte> Body, ModelLacks.Part Sent) Write(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        string model,
        ProviderQuirks quirks,
        ModelLacks.Part lacks,
        bool isStreaming)
    {
        using var buffer = new RentedBytes();
        var sent = ModelLacks.Part.None;
        CallContext context = CallContext.Of(options);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            WriteMessages(json, messages, options, SchemaText(options, lacks));
            if (options?.MaxOutputTokens is { } most)
            {
                sent |= ModelLacks.Part.MaxTokensName;
                string other = quirks.MaxTokens == "max_tokens" ? "max_completion_tokens" : "max_tokens";
                json.WriteNumber(lacks.HasFlag(ModelLacks.Part.MaxTokensName) ? other : quirks.MaxTokens, most);
            }

            if (options?.Temperature is { } temperature && !lacks.HasFlag(ModelLacks.Part.Temperature))
            {
                sent |= ModelLacks.Part.Temperature;
                json.WriteNumber("temperature", temperature);
            }

            if (options?.TopP is { } topP)
            {
                json.WriteNumber("top_p", topP);
            }

            if (options?.Seed is { } seed && !lacks.HasFlag(ModelLacks.Part.Seed))
            {
                sent |= ModelLacks.Part.Seed;
                json.WriteNumber("seed", seed);
            }

            if (options?.StopSequences is { Count: > 0 } stops)
            {
                json.WriteStartArray("stop");
                foreach (string stop in stops)
                {
                    json.WriteStringValue(stop);
                }

                json.WriteEndArray();
            }

            sent |= WriteForm(json, options, quirks, lacks);
            if (context.TopLogProbabilities > 0 && !lacks.HasFlag(ModelLacks.Part.LogProbabilities))
            {
                sent |= ModelLacks.Part.LogProbabilities;
                json.WriteBoolean("logprobs", true);
                json.WriteNumber("top_logprobs", Math.Min(context.TopLogProbabilities, MaxTopLogProbabilities));
            }

            if (!lacks.HasFlag(ModelLacks.Part.CacheHints))
            {
                sent |= WriteCacheHints(json, context, quirks);
            }

            if (isStreaming)
            {
                json.WriteBoolean("stream", true);
                if (!lacks.HasFlag(ModelLacks.Part.StreamUsage))
                {
                    sent |= ModelLacks.Part.StreamUsage;
                    json.WriteStartObject("stream_options");
                    json.WriteBoolean("include_usage", true);
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }

        return (buffer.ToArray(), sent);
    }

    /// <summary>What to add to the prompt where the server takes no schema; null where it does or none is wanted.</summary>
    public static string? SchemaText(ChatOptions? options, ModelLacks.Part lacks) =>
        lacks.HasFlag(ModelLacks.Part.Schema)
        && options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema }
            ? "\n\nReply with JSON only, in the form of this JSON schema:\n" + schema.GetRawText()
            : null;

    /// <summary>Reads a whole reply.</summary>
    /// <exception cref="JsonException">It is no JSON, or not of this format.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        if (Object(root, "choices", JsonValueKind.Array) is not { } choices || choices.GetArrayLength() == 0
            || Object(choices[0], "message", JsonValueKind.Object) is not { } message)
        {
            throw new JsonException("it has no choice with a message");
        }

        string? refusal = String(message, "refusal");
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, Content(message) ?? refusal ?? ""))
        {
            ResponseId = String(root, "id"),
            ModelId = String(root, "model"),
            FinishReason = refusal is { Length: > 0 } ? ChatFinishReason.ContentFilter
                : Finish(String(choices[0], "finish_reason")),
            Usage = Usage(root),
        };
        if (FirstTokens(choices[0]) is { Count: > 0 } first)
        {
            TokenProbability.Attach(response.AdditionalProperties = [], first);
        }

        return response;
    }

    /// <summary>Reads a piece of a streamed reply; null when there is nothing in it.</summary>
    /// <exception cref="JsonException">It is no JSON, or not of this format.</exception>
    public static ChatResponseUpdate? ReadPiece(ReadOnlyMemory<byte> data, bool isFirst)
    {
        using var document = JsonDocument.Parse(data);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("a piece of it is no object");
        }

        var update = new ChatResponseUpdate
        {
            Role = ChatRole.Assistant,
            ResponseId = String(root, "id"),
            ModelId = String(root, "model"),
        };
        bool any = false;
        if (Object(root, "choices", JsonValueKind.Array) is { } choices && choices.GetArrayLength() > 0)
        {
            JsonElement choice = choices[0];
            if (Object(choice, "delta", JsonValueKind.Object) is { } delta)
            {
                string? refusal = String(delta, "refusal");
                string text = Content(delta) ?? refusal ?? "";
                if (text.Length > 0)
                {
                    update.Contents.Add(new TextContent(text));
                    any = true;
                }
            }

            if (String(choice, "finish_reason") is { } finish)
            {
                update.FinishReason = Finish(finish);
                any = true;
            }

            if (isFirst && FirstTokens(choice) is { Count: > 0 } first)
            {
                TokenProbability.Attach(update.AdditionalProperties = [], first);
                any = true;
            }
        }

        if (Usage(root) is { } usage)
        {
            update.Contents.Add(new UsageContent(usage));
            any = true;
        }

        return any ? update : null;
    }

    public static JsonElement? Object(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == kind
            ? value
            : null;

    public static string? String(JsonElement parent, string name) =>
        Object(parent, name, JsonValueKind.String) is { } value ? value.GetString() : null;

    public static long? Number(JsonElement? parent, string name) =>
        parent is { } element && Object(element, name, JsonValueKind.Number) is { } value
        && value.TryGetInt64(out long number)
            ? number
            : null;

    private static void WriteMessages(
        Utf8JsonWriter json, IEnumerable<ChatMessage> messages, ChatOptions? options, string? schemaText)
    {
        IReadOnlyList<ChatMessage> all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        json.WriteStartArray("messages");
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            WriteMessage("system", instructions);
        }

        for (int i = 0; i < all.Count; i++)
        {
            WriteMessage(
                all[i].Role.Value, i == all.Count - 1 && schemaText is not null ? all[i].Text + schemaText : all[i].Text);
        }

        json.WriteEndArray();

        void WriteMessage(string role, string text)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", text);
            json.WriteEndObject();
        }
    }

    private static ModelLacks.Part WriteForm(
        Utf8JsonWriter json, ChatOptions? options, ProviderQuirks quirks, ModelLacks.Part lacks)
    {
        if (options?.ResponseFormat is not ChatResponseFormatJson form)
        {
            return ModelLacks.Part.None;
        }

        if (form.Schema is { } schema && !lacks.HasFlag(ModelLacks.Part.Schema))
        {
            json.WriteStartObject("response_format");
            json.WriteString("type", quirks.HasSchemaAsValue ? "json_object" : "json_schema");
            if (quirks.HasSchemaAsValue)
            {
                json.WritePropertyName("value");
                schema.WriteTo(json);
            }
            else
            {
                json.WriteStartObject("json_schema");
                json.WriteString("name", form.SchemaName ?? "reply");
                json.WriteBoolean("strict", true);
                json.WritePropertyName("schema");
                schema.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            return ModelLacks.Part.Schema;
        }

        // TGI's JSON mode needs a schema, so without one it has none.
        if (lacks.HasFlag(ModelLacks.Part.JsonMode) || quirks.HasSchemaAsValue)
        {
            return ModelLacks.Part.None;
        }

        json.WriteStartObject("response_format");
        json.WriteString("type", "json_object");
        json.WriteEndObject();
        return ModelLacks.Part.JsonMode;
    }

    private static ModelLacks.Part WriteCacheHints(Utf8JsonWriter json, CallContext context, ProviderQuirks quirks)
    {
        // Brings calls with the same prefix to the machine that has it; a hash, so that it tells nothing of the prompt.
        if (quirks.TakesCacheKey && context.PrefixHash.Length > 0)
        {
            json.WriteString("prompt_cache_key", RequestKey.Of("prefix", context.Tenant, context.PrefixHash)[..HintLength]);
            return ModelLacks.Part.CacheHints;
        }

        // Tenants do not find each other's prefixes, and cannot tell by the time that a reply takes that they are there.
        if (quirks.TakesCacheSalt && context.Tenant.Length > 0)
        {
            json.WriteString("cache_salt", RequestKey.Of("salt", context.Tenant)[..HintLength]);
            return ModelLacks.Part.CacheHints;
        }

        if (quirks.TakesCachePrompt)
        {
            json.WriteBoolean("cache_prompt", true);
            return ModelLacks.Part.CacheHints;
        }

        return ModelLacks.Part.None;
    }

    // A string, or parts of which those with text count.
    private static string? Content(JsonElement message)
    {
        if (String(message, "content") is { } text)
        {
            return text;
        }

        if (Object(message, "content", JsonValueKind.Array) is not { } parts)
        {
            return null;
        }

        var all = new StringBuilder();
        foreach (JsonElement part in parts.EnumerateArray())
        {
            all.Append(String(part, "text"));
        }

        return all.ToString();
    }

    private static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null => null,
        "stop" or "eos_token" or "stop_sequence" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason.Length > 0 ? reason : "unknown"),
    };

    private static UsageDetails? Usage(JsonElement root)
    {
        if (Object(root, "usage", JsonValueKind.Object) is not { } usage)
        {
            return null;
        }

        long? input = Number(usage, "prompt_tokens");
        long? output = Number(usage, "completion_tokens");
        JsonElement? details = Object(usage, "prompt_tokens_details", JsonValueKind.Object);
        var read = new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = Number(usage, "total_tokens") ?? input + output,
            // The server of llama.cpp tells it beside the usage.
            CachedInputTokenCount = Number(details, "cached_tokens")
                ?? Number(Object(root, "timings", JsonValueKind.Object), "cache_n"),
            ReasoningTokenCount = Number(
                Object(usage, "completion_tokens_details", JsonValueKind.Object), "reasoning_tokens"),
        };
        if ((Number(details, "cache_write_tokens") ?? Number(usage, "cache_write_tokens")) is { } written)
        {
            (read.AdditionalCounts ??= [])[CallUsage.CacheWriteCount] = written;
        }

        return read;
    }

    private static List<TokenProbability>? FirstTokens(JsonElement choice)
    {
        if (Object(choice, "logprobs", JsonValueKind.Object) is not { } logprobs
            || Object(logprobs, "content", JsonValueKind.Array) is not { } content || content.GetArrayLength() == 0)
        {
            return null;
        }

        var tokens = new List<TokenProbability>();
        JsonElement first = content[0];
        if (Object(first, "top_logprobs", JsonValueKind.Array) is { } top)
        {
            foreach (JsonElement token in top.EnumerateArray())
            {
                Add(token);
            }
        }

        if (tokens.Count == 0)
        {
            Add(first);
        }

        return tokens;

        void Add(JsonElement token)
        {
            if (String(token, "token") is { } text && Object(token, "logprob", JsonValueKind.Number) is { } value
                && value.TryGetDouble(out double probability) && double.IsFinite(probability))
            {
                tokens.Add(new TokenProbability(text, Math.Min(probability, 0)));
            }
        }
    }
}
