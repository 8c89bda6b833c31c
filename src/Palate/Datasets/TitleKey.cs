using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>A film's title in the forms under which two data sets may both know it.</summary>
/// <remarks>
/// A form is the title's letters and digits only, lower-cased and without accents, with an article that was moved behind
/// a comma put back in front: <c>Matrix, The (1999)</c> has the form <c>thematrix</c> and the year 1999. What stands
/// in further parentheses are alternatives; what stands on either side of ": " or " - " are parts.
/// </remarks>
internal sealed class TitleKey
{
    private static readonly string[] Articles =
    [
        "the", "a", "an", "la", "le", "les", "l'", "un", "une", "el", "los", "las", "il", "lo", "gli", "i", "der", "die",
        "das", "det", "den", "de", "en", "o", "os", "as",
    ];

    private TitleKey(string main, string[] alternatives, string[] parts, int year)
    {
        Main = main;
        Alternatives = alternatives;
        Parts = parts;
        Year = year;
    }

    /// <summary>The title without parentheses; empty when nothing is left.</summary>
    public string Main { get; }

    public string[] Alternatives { get; }

    public string[] Parts { get; }

    /// <summary>The year, or 0 when the title has none.</summary>
    public int Year { get; }

    public static TitleKey Parse(string title)
    {
        var main = new StringBuilder(title.Length);
        var alternatives = new List<string>();
        int year = 0;
        int next = 0;
        while (next < title.Length)
        {
            int open = title.IndexOf('(', next);
            int close = open < 0 ? -1 : title.IndexOf(')', open);
            if (close < 0)
            {
                break;
            }

            main.Append(title, next, open - next);
            string inner = title[(open + 1)..close].Trim();
            if (inner.Length == 4 && int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                year = number;
            }
            else if (Form(inner) is { Length: > 2 } form)
            {
                alternatives.Add(form);
            }

            next = close + 1;
        }

        string plain = main.Append(title, next, title.Length - next).ToString();
        string[] pieces = plain.Split([": ", " - "], StringSplitOptions.TrimEntries);
        string[] parts = pieces.Length > 1 ? [.. pieces.Select(Form).Where(form => form.Length > 2)] : [];
        return new TitleKey(Form(plain), [.. alternatives], parts, year);
    }

    private static string Form(string title)
    {
        ReadOnlySpan<char> text = title.AsSpan().Trim();
        if (text.StartsWith("a.k.a. ", StringComparison.OrdinalIgnoreCase))
        {
            text = text[7..];
        }

        ReadOnlySpan<char> article = default;
        int comma = text.LastIndexOf(", ");
        if (comma > 0)
        {
            foreach (string known in Articles)
            {
                if (text[(comma + 2)..].Equals(known, StringComparison.OrdinalIgnoreCase))
                {
                    article = known;
                    text = text[..comma];
                    break;
                }
            }
        }

        var form = new StringBuilder(title.Length);
        Append(form, article);
        Append(form, text);
        return form.ToString();
    }

    private static void Append(StringBuilder form, ReadOnlySpan<char> text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune lower = Rune.ToLowerInvariant(rune);
            if (lower.Value == '&')
            {
                form.Append("and");
            }
            else if (LatinFolding.Fold(lower.Value) is { } plain)
            {
                form.Append(plain);
            }
            else if (Rune.GetUnicodeCategory(lower) == UnicodeCategory.OtherNumber
                && Rune.GetNumericValue(lower) is >= 0 and var value)
            {
                // Alien³ is also written Alien 3.
                form.Append(value.ToString(CultureInfo.InvariantCulture));
            }
            else if (Rune.IsLetterOrDigit(lower))
            {
                form.Append(lower.ToString());
            }
        }
    }
}
