namespace Palate;

/// <summary>What the MovieLens formats have in common.</summary>
internal static class MovieLens
{
    /// <summary>The year in a title such as <c>Toy Story (1995)</c>, or null.</summary>
    public static string? Year(string title)
    {
        int open = title.LastIndexOf('(');
        bool found = open >= 0 && title.Length > open + 5 && title[open + 5] == ')'
            && !title.AsSpan(open + 1, 4).ContainsAnyExceptInRange('0', '9');
        return found ? title.Substring(open + 1, 4) : null;
    }

    /// <summary>A dictionary of the attributes that have a value.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Attributes(
        params ReadOnlySpan<(string Name, string[] Values)> all)
    {
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((string name, string[] values) in all)
        {
            string[] filled = [.. values.Where(value => value.Length > 0)];
            if (filled.Length > 0)
            {
                attributes.Add(name, filled);
            }
        }

        return attributes;
    }

    /// <summary>Reads user, item, rating and time from a line.</summary>
    public static bool TryRating(
        ReadOnlySpan<char> line, string separator, long number, RowGate gate, out Interaction rating)
    {
        Span<Range> fields = stackalloc Range[5];
        int count = line.Split(fields, separator);
        if (count != 4)
        {
            rating = default;
            gate.File.AddBad(number, $"{count} fields where user, item, rating and time are expected.");
            return false;
        }

        ReadOnlySpan<char> value = line[fields[2]].Trim();
        ReadOnlySpan<char> time = line[fields[3]].Trim();
        if (value.IsEmpty || time.IsEmpty)
        {
            rating = default;
            gate.File.AddBad(number, value.IsEmpty ? "The rating is empty." : "The time is empty.");
            return false;
        }

        return gate.TryInteraction(
            number, line[fields[0]].Trim(), line[fields[1]].Trim(), "rating", value, time, out rating);
    }
}
