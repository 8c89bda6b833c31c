using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Palate.Cli;

/// <summary>Text of the data on a terminal: neither markup nor control sequences in it have any effect.</summary>
internal static class TerminalText
{
    /// <summary>A cell with text that somebody else wrote.</summary>
    public static Text Of(string text) => new(Clean(text));

    /// <summary>A right-aligned count with thousands separators.</summary>
    public static Text Of(long number) =>
        new Text(number.ToString("N0", CultureInfo.InvariantCulture)).RightJustified();

    /// <summary>Replaces everything that could move the cursor, change colours or reverse the direction.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsActive))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (char unit in text)
        {
            clean.Append(unit == '\t' ? ' ' : IsActive(unit) ? '\u00B7' : unit);
        }

        return clean.ToString();
    }

    private static bool IsActive(char unit) =>
        char.IsControl(unit) || unit is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
