using System.Globalization;

namespace Palate.Benchmarks;

/// <summary>Options of a benchmark: a name and its value.</summary>
internal static class Arguments
{
    public static int Number(string[] args, string name, int fallback) =>
        Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public static string? Text(string[] args, string name)
    {
        int place = Array.IndexOf(args, name);
        return place >= 0 && place + 1 < args.Length ? args[place + 1] : null;
    }

    /// <summary>Names with commas between.</summary>
    public static string[] Names(string[] args, string name, IEnumerable<string> fallback) =>
        Text(args, name) is { } text ? text.Split(',') : [.. fallback];
}
