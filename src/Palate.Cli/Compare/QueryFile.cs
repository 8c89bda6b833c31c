using System.Text.Json;

namespace Palate.Cli;

/// <summary>Reads queries whose right answers are known from lines of JSON.</summary>
/// <remarks>
/// A line is <c>{"query":"wool socks","user_id":"u7","grades":{"i12":3,"i40":1}}</c>: what was typed, by whom if that is known,
/// and what items are worth for it, 1 to 100; an item that is not named is worth nothing. A line that cannot be read is left
/// out and reported with its place; the others count.
/// </remarks>
internal static class QueryFile
{
    private const int MostGrade = 100;

    /// <summary>The queries of a file.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="bad">Gets a sentence per line that was left out.</param>
    public static IReadOnlyList<GradedRequest> Read(TextReader reader, ICollection<string> bad)
    {
        var queries = new List<GradedRequest>();
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                queries.Add(Query(document.RootElement));
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException)
            {
                bad.Add($"Line {number} was left out: {wrong.Message.TrimEnd('.')}.");
            }
        }

        return queries;
    }

    private static GradedRequest Query(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it is no JSON object");
        }

        string query = Text(root, "query") is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new FormatException("it has no query");
        if (query.Length > RecommendRequest.MaxQueryLength)
        {
            throw new FormatException($"its query has {query.Length} characters, and {RecommendRequest.MaxQueryLength} are read");
        }

        if (!root.TryGetProperty("grades", out JsonElement list) || list.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it has no grades, an object of item ids with their worth");
        }

        var grades = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty one in list.EnumerateObject())
        {
            if (one.Value.ValueKind != JsonValueKind.Number || !one.Value.TryGetInt32(out int grade)
                || grade is < 0 or > MostGrade)
            {
                throw new FormatException($"the grade of '{one.Name}' is {one.Value}; give 0 to {MostGrade}");
            }

            if (grade > 0)
            {
                grades[one.Name] = grade;
            }
        }

        return grades.Count > 0
            ? new GradedRequest(
                new RecommendRequest { UserId = Text(root, "user_id") ?? Text(root, "user"), Query = query, IncludeSeen = true }, grades)
            : throw new FormatException("no item has a grade above 0");
    }

    private static string? Text(JsonElement root, string name) =>
        !root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"its {name} is no text");
}
