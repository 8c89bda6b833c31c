using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Cuts messages where the prefix that calls share ends, so that a provider can be told to keep it.</summary>
internal static class PromptParts
{
    /// <summary>The parts, in order; at most one ends the prefix, and system parts come first as they do in a prompt.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">Adds its instructions in front.</param>
    /// <param name="prefixBytes">How many UTF-8 bytes of the texts are shared; 0 for none.</param>
    /// <param name="suffix">Goes to the end of the last message; null for nothing.</param>
    public static List<Part> Of(IEnumerable<ChatMessage> messages, ChatOptions? options, int prefixBytes, string? suffix)
    {
        var parts = new List<Part>();
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            parts.Add(new Part(ChatRole.System, instructions, false));
            prefixBytes += prefixBytes > 0 ? Encoding.UTF8.GetByteCount(instructions) : 0;
        }

        int left = prefixBytes;
        foreach (ChatMessage message in messages)
        {
            string text = message.Text;
            int bytes = Encoding.UTF8.GetByteCount(text);
            if (left > 0 && bytes > left)
            {
                int end = Characters(text, left);
                if (end > 0)
                {
                    parts.Add(new Part(message.Role, text[..end], true));
                }
                else if (parts.Count > 0)
                {
                    parts[^1] = parts[^1] with { EndsPrefix = true };
                }

                parts.Add(new Part(message.Role, text[end..], false));
                left = 0;
            }
            else if (bytes > 0)
            {
                parts.Add(new Part(message.Role, text, left > 0 && bytes == left));
                left = Math.Max(0, left - bytes);
            }
        }

        if (suffix is not null && parts.Count > 0)
        {
            // What is added is no part of a prefix that reached to the end.
            parts[^1] = parts[^1].EndsPrefix ? parts[^1] : parts[^1] with { Text = parts[^1].Text + suffix };
            if (parts[^1].EndsPrefix)
            {
                parts.Add(new Part(parts[^1].Role, suffix, false));
            }
        }

        return parts;
    }

    // How many characters at the front fit into that many bytes; never half of a pair.
    private static int Characters(string text, int bytes)
    {
        int end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return end;
    }

    /// <summary>A run of text of one role.</summary>
    internal sealed record Part(ChatRole Role, string Text, bool EndsPrefix);
}
