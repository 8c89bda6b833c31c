using System.Globalization;

namespace Palate.Cli;

/// <summary>Reads the rules of a command line.</summary>
internal static class RuleText
{
    /// <summary><c>ID=RANK</c>; the id may hold an equals sign.</summary>
    public static Pin Pin(string text)
    {
        int equals = text.LastIndexOf('=');
        return equals > 0 && int.TryParse(text[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int rank)
            ? new Pin(text[..equals], rank)
            : throw Wrong("--pin", text, "an item id, an equals sign and a rank: --pin 50=1");
    }

    /// <summary><c>ATTRIBUTE=VALUE:BY</c>; the value may hold a colon.</summary>
    public static Boost Boost(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        return equals > 0 && colon > equals + 1 &&
            float.TryParse(text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out float by)
            ? new Boost(text[..equals], text[(equals + 1)..colon], by)
            : throw Wrong("--boost", text, "an attribute, a value and a number: --boost genre=Drama:0.2");
    }

    /// <summary><c>ATTRIBUTE:N</c> or <c>ATTRIBUTE=VALUE:N</c>.</summary>
    public static Cap Cap(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int most))
        {
            throw Wrong("--cap", text, "an attribute and a number: --cap brand:2, or --cap brand=Acme:1");
        }

        return equals > 0 && equals < colon
            ? new Cap(text[..equals], text[(equals + 1)..colon], most)
            : new Cap(text[..colon], null, most);
    }

    private static CommandException Wrong(string option, string value, string remedy) =>
        new(ExitCode.Usage, new Failure("usage", $"{option} is '{value}'.", $"Write {remedy}."));
}
