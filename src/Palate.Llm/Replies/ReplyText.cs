using System.Globalization;

namespace Palate.Llm;

/// <summary>Takes from a reply what is the answer: without thoughts, in plain digits and brackets, bounded.</summary>
internal static class ReplyText
{
    /// <summary>So many characters are read; what comes after them is no answer any more.</summary>
    public const int MaxLength = 1 << 18;

    private static readonly string[] ThoughtEnds =
        ["</think>", "</thinking>", "</thought>", "</reasoning>", "<|channel|>final<|message|>"];

    private static readonly string[] ThoughtStarts = ["<think>", "<thinking>", "<thought>", "<reasoning>", "<|channel|>analysis"];

    /// <summary>The answer; <paramref name="isCut"/> when thoughts did not end or the text is longer than is read.</summary>
    public static ReadOnlySpan<char> Answer(string text, out bool isCut)
    {
        ReadOnlySpan<char> answer = text;
        isCut = false;
        if (!answer.Contains('<'))
        {
            return Fold(Bound(answer, ref isCut));
        }

        foreach (string end in ThoughtEnds)
        {
            int at = answer.LastIndexOf(end, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                answer = answer[(at + end.Length)..];
            }
        }

        foreach (string start in ThoughtStarts)
        {
            int at = answer.IndexOf(start, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                answer = answer[..at];
                isCut = true;
            }
        }

        return Fold(Bound(answer, ref isCut));
    }

    private static ReadOnlySpan<char> Bound(ReadOnlySpan<char> answer, scoped ref bool isCut)
    {
        isCut |= answer.Length > MaxLength;
        return answer[..Math.Min(answer.Length, MaxLength)];
    }

    // Full-width forms, other scripts' digits and other brackets are what they stand for; curly quotes are quotes where
    // there are no straight ones.
    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            return text;
        }

        bool curly = !text.Contains('"');
        var folded = new char[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            char unit = text[i];
            folded[i] = unit switch
            {
                < '\x80' => unit,
                >= '！' and <= '～' => (char)(unit - 0xFEE0),
                '【' or '〔' or '「' => '[',
                '】' or '〕' or '」' => ']',
                '\u3000' or '\u00A0' or '\uFEFF' => ' ',
                '“' or '”' or '„' or '«' or '»' when curly => '"',
                _ when char.IsDigit(unit) && CharUnicodeInfo.GetDecimalDigitValue(unit) is >= 0 and var digit => (char)('0' + digit),
                _ => unit,
            };
        }

        return folded;
    }
}
