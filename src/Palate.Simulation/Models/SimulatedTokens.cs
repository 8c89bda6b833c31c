using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace Palate.Simulation;

/// <summary>Cuts text into the simulated model's tokens.</summary>
/// <remarks>
/// A word takes one token for each six characters begun and carries the blank before it; every other visible
/// character is a token. That is near what byte-pair encodings make of English prose. With a fixed number per word only
/// words (letters and digits of ASCII) count, each as many tokens as told.
/// </remarks>
internal static class SimulatedTokens
{
    private const int WordPart = 6;
    private const int PerMessage = 4;

    /// <summary>Counts the tokens of a text.</summary>
    public static int Count(ReadOnlySpan<char> text, int perWord)
    {
        int tokens = 0;
        while (Next(ref text, perWord, out ReadOnlySpan<char> token, out int weight))
        {
            tokens += token.IsEmpty ? 0 : weight;
        }

        return perWord > 0 ? Math.Max(tokens, 1) : tokens;
    }

    /// <summary>Adds one number for each token of the messages: equal prompts begin with equal numbers.</summary>
    public static void Hash(IReadOnlyList<ChatMessage> messages, int perWord, List<ulong> tokens)
    {
        foreach (ChatMessage message in messages)
        {
            ulong role = Of(message.Role.Value);
            if (perWord == 0)
            {
                for (uint i = 0; i < PerMessage; i++)
                {
                    tokens.Add(role + i);
                }
            }

            foreach (AIContent content in message.Contents)
            {
                if (content is not TextContent { Text: { } words })
                {
                    continue;
                }

                ReadOnlySpan<char> text = words;
                while (Next(ref text, perWord, out ReadOnlySpan<char> token, out int weight))
                {
                    ulong hash = Of(token);
                    for (int i = 0; i < weight; i++)
                    {
                        tokens.Add(hash + (uint)i);
                    }
                }
            }
        }
    }

    /// <summary>The text in pieces of one token, or of one word where words have a fixed number of tokens.</summary>
    public static (List<string> Pieces, List<int> Tokens) Split(string text, int perWord)
    {
        var pieces = new List<string>();
        var tokens = new List<int>();
        ReadOnlySpan<char> rest = text;
        int begun = 0;
        while (Next(ref rest, perWord, out ReadOnlySpan<char> _, out int weight))
        {
            int end = text.Length - rest.Length;
            pieces.Add(text[begun..end]);
            tokens.Add(weight);
            begun = end;
        }

        if (begun < text.Length)
        {
            pieces.Add(text[begun..]);
            tokens.Add(0);
        }

        return (pieces, tokens);
    }

    /// <summary>A well-mixed number for a text (FNV-1a with a finalizer).</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = 14695981039346656037;
        foreach (ushort unit in MemoryMarshal.Cast<char, ushort>(text))
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    private static bool Next(
        ref ReadOnlySpan<char> text, int perWord, out ReadOnlySpan<char> token, out int weight)
    {
        int begin = 0;
        while (begin < text.Length && (perWord > 0 ? !char.IsAsciiLetterOrDigit(text[begin]) : text[begin] <= ' '))
        {
            begin++;
        }

        if (begin == text.Length)
        {
            token = default;
            weight = 0;
            return false;
        }

        int end = begin;
        int limit = perWord > 0 ? text.Length : Math.Min(text.Length, begin + WordPart);
        while (end < limit && (perWord > 0 ? char.IsAsciiLetterOrDigit(text[end]) : char.IsLetterOrDigit(text[end])))
        {
            end++;
        }

        // A lone mark; both halves of a pair stay together.
        if (end == begin)
        {
            end += char.IsHighSurrogate(text[begin]) && begin + 1 < text.Length ? 2 : 1;
        }

        token = text[begin..end];
        weight = perWord > 0 ? perWord : 1;
        text = text[end..];
        return true;
    }
}
