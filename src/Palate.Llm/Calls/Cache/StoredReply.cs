using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A whole reply as caches and recordings keep it: text, first tokens, how it ended, what it used.</summary>
internal sealed class StoredReply
{
    private const string CachedKey = "palate.cached";

    public required string Text { get; init; }

    public string? Model { get; init; }

    public string? Finish { get; init; }

    public CallUsage? Usage { get; init; }

    public IReadOnlyList<TokenProbability> FirstTokens { get; init; } = [];

    public long Bytes => (2L * Text.Length) + (64 * FirstTokens.Count) + 256;

    public static bool IsCached(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.ContainsKey(CachedKey);

    /// <summary>The reply, or null when it holds more than text, and so cannot be kept.</summary>
    public static StoredReply? From(ChatResponse response)
    {
        foreach (ChatMessage message in response.Messages)
        {
            foreach (AIContent content in message.Contents)
            {
                if (content is not (TextContent or TextReasoningContent or UsageContent))
                {
                    return null;
                }
            }
        }

        return new StoredReply
        {
            Text = response.Text,
            Model = response.ModelId,
            Finish = response.FinishReason?.Value,
            Usage = CallUsage.From(response.Usage),
            FirstTokens = TokenProbability.Of(response),
        };
    }

    /// <summary>Whether the model came to its end by itself: what was cut off or declined is not worth keeping.</summary>
    public bool IsWhole => Text.Length > 0 && (Finish is null || Finish == ChatFinishReason.Stop.Value);

    public ChatResponse ToResponse(bool cached)
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, Text))
        {
            ModelId = Model,
            FinishReason = Finish is null ? null : new ChatFinishReason(Finish),
            Usage = UsageDetails(),
        };
        if (cached || FirstTokens.Count > 0)
        {
            response.AdditionalProperties = Properties(cached);
        }

        return response;
    }

    public IEnumerable<ChatResponseUpdate> ToUpdates(bool cached)
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, Text)
        {
            ModelId = Model,
            FinishReason = Finish is null ? null : new ChatFinishReason(Finish),
            AdditionalProperties = cached || FirstTokens.Count > 0 ? Properties(cached) : null,
        };
        if (UsageDetails() is { } usage)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]) { ModelId = Model };
        }
    }

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Text.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("text", Text);
        if (Model is not null)
        {
            writer.WriteString("model", Model);
        }

        if (Finish is not null)
        {
            writer.WriteString("finish", Finish);
        }

        if (Usage is { } usage)
        {
            writer.WriteStartObject("usage");
            writer.WriteNumber("input", usage.InputTokens);
            writer.WriteNumber("cached", usage.CachedTokens);
            writer.WriteNumber("cache_write", usage.CacheWriteTokens);
            writer.WriteNumber("output", usage.OutputTokens);
            writer.WriteEndObject();
        }

        if (FirstTokens.Count > 0)
        {
            writer.WriteStartArray("first_tokens");
            foreach (TokenProbability token in FirstTokens)
            {
                writer.WriteStartObject();
                writer.WriteString("token", token.Token);
                writer.WriteNumber("logprob", double.IsFinite(token.LogProbability) ? token.LogProbability : -1e9);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no stored reply.</exception>
    public static StoredReply Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"A stored reply is damaged: {e.Message}", e);
        }
    }

    public static StoredReply Parse(JsonElement root) => new()
    {
        Text = root.GetProperty("text").GetString() ?? "",
        Model = root.TryGetProperty("model", out JsonElement model) ? model.GetString() : null,
        Finish = root.TryGetProperty("finish", out JsonElement finish) ? finish.GetString() : null,
        Usage = root.TryGetProperty("usage", out JsonElement usage)
            ? new CallUsage(
                usage.GetProperty("input").GetInt64(),
                usage.GetProperty("cached").GetInt64(),
                usage.GetProperty("cache_write").GetInt64(),
                usage.GetProperty("output").GetInt64())
            : null,
        FirstTokens = root.TryGetProperty("first_tokens", out JsonElement tokens)
            ? [.. tokens.EnumerateArray().Select(token => new TokenProbability(
                token.GetProperty("token").GetString() ?? "", token.GetProperty("logprob").GetDouble()))]
            : [],
    };

    private AdditionalPropertiesDictionary Properties(bool cached)
    {
        var properties = new AdditionalPropertiesDictionary();
        if (cached)
        {
            properties[CachedKey] = true;
        }

        if (FirstTokens.Count > 0)
        {
            TokenProbability.Attach(properties, FirstTokens);
        }

        return properties;
    }

    private UsageDetails? UsageDetails()
    {
        if (Usage is not { } usage)
        {
            return null;
        }

        var details = new UsageDetails
        {
            InputTokenCount = usage.InputTokens,
            CachedInputTokenCount = usage.CachedTokens,
            OutputTokenCount = usage.OutputTokens,
            TotalTokenCount = usage.Tokens,
        };
        if (usage.CacheWriteTokens > 0)
        {
            details.AdditionalCounts = new AdditionalPropertiesDictionary<long>
            {
                [CallUsage.CacheWriteCount] = usage.CacheWriteTokens,
            };
        }

        return details;
    }
}
