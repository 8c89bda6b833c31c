namespace Palate.Llm;

/// <summary>Splits text into runs of letters and digits in lower case.</summary>
internal static class RewriteWords
{
    // What is further on in a text says little about it, and a text may be of any length.
    private const int MaxCharacters = 1 << 16;
    private const int MaxWord = 48;

    public static IEnumerable<string> Of(string? text)
    {
        int length = Math.Min(text?.Length ?? 0, MaxCharacters);
        int at = 0;
        while (at < length)
        {
            if (!char.IsLetterOrDigit(text![at]))
            {
                at++;
                continue;
            }

            int end = at + 1;
            while (end < length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            yield return text.Substring(at, Math.Min(end - at, MaxWord)).ToLowerInvariant();
            at = end;
        }
    }
}
