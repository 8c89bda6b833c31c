using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Simulation;

/// <summary>Reads the parts that the bodies of all interfaces share.</summary>
internal static class SimulatedBody
{
    /// <summary>The messages; content is a string, or an array of parts with text.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not of that form.</exception>
    public static List<ChatMessage> Messages(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("messages", out JsonElement array)
            || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            throw new ArgumentException("'messages' must be an array with at least one message.");
        }

        var messages = new List<ChatMessage>();
        foreach (JsonElement message in array.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out JsonElement role)
                || role.ValueKind != JsonValueKind.String || !message.TryGetProperty("content", out JsonElement content))
            {
                throw new ArgumentException("A message needs 'role' and 'content'.");
            }

            messages.Add(new ChatMessage(new ChatRole(role.GetString()!), Text(content)));
        }

        return messages;
    }

    /// <summary>The text of content: a string, or the parts with text.</summary>
    public static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw new ArgumentException("Content must be a string or an array of parts with text.");
        }

        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out JsonElement words)
                && words.ValueKind == JsonValueKind.String)
            {
                text.Append(words.GetString());
            }
        }

        return text.ToString();
    }

    public static bool Flag(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.True;

    public static int? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
            ? number
            : null;

    public static List<string>? Stops(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Select(stop => stop.ToString())],
            _ => null,
        };

    /// <summary>The same call, declined.</summary>
    public static SimulatedReply Refused(SimulatedReply reply, string words)
    {
        int tokens = words.Split(' ').Length;
        long input = reply.Usage.InputTokenCount ?? 0;
        return reply with
        {
            Pieces = [words],
            PieceTokens = [tokens],
            FirstTokens = [],
            FinishReason = ChatFinishReason.Stop,
            IsRefusal = true,
            Usage = new UsageDetails
            {
                InputTokenCount = input,
                CachedInputTokenCount = reply.Usage.CachedInputTokenCount,
                OutputTokenCount = tokens,
                TotalTokenCount = input + tokens,
            },
        };
    }
}
