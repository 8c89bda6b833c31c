using System.Text.Json;
using Palate.Llm;

namespace Palate.Cli;

/// <summary>Reads candidates to re-rank from lines of JSON, one candidate or one whole query a line.</summary>
/// <remarks>
/// A candidate is <c>{"id","title","text","score","attributes"}</c>, of which only an id (or docid) and one of title and
/// text are needed; a whole query is <c>{"query":{"qid","text"},"candidates":[{"docid","score","doc":{...}}]}</c>. A line
/// that cannot be read is left out and reported with its place; the others count.
/// </remarks>
internal static class CandidateFile
{
    /// <summary>The queries of a file with their candidates, best first by their scores, else in the file's order.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="query">The query of lines that are single candidates; may be null.</param>
    /// <param name="bad">Gets a sentence per line that was left out.</param>
    public static IReadOnlyList<CandidateQuery> Read(TextReader reader, string? query, ICollection<string> bad)
    {
        var queries = new List<CandidateQuery>();
        var single = new List<RerankCandidate>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object)
                {
                    throw new FormatException("it is no JSON object");
                }

                if (root.TryGetProperty("candidates", out JsonElement list))
                {
                    queries.Add(Query(root, list, query, number));
                }
                else
                {
                    RerankCandidate candidate = Candidate(root, single.Count);
                    single.Add(ids.Add(candidate.Id)
                        ? candidate
                        : throw new FormatException($"the id '{candidate.Id}' was there before"));
                }
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException)
            {
                bad.Add($"Line {number} was left out: {wrong.Message.TrimEnd('.')}.");
            }
        }

        if (single.Count > 0)
        {
            queries.Insert(0, new CandidateQuery("1", query, BestFirst(single)));
        }

        return queries;
    }

    private static CandidateQuery Query(JsonElement root, JsonElement list, string? otherwise, int number)
    {
        string? text = otherwise;
        string id = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (root.TryGetProperty("query", out JsonElement query))
        {
            text = query.ValueKind == JsonValueKind.Object ? Text(query, "text") : query.GetString();
            id = query.ValueKind == JsonValueKind.Object && query.TryGetProperty("qid", out JsonElement qid)
                ? qid.ToString()
                : id;
        }

        var candidates = new List<RerankCandidate>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            candidates.Add(Candidate(element, candidates.Count));
        }

        return candidates.Count > 0
            ? new CandidateQuery(id, text, BestFirst(candidates))
            : throw new FormatException("it has no candidates");
    }

    private static RerankCandidate Candidate(JsonElement element, int place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a candidate is no JSON object");
        }

        string id = Text(element, "id") ?? Text(element, "docid") ?? Text(element, "item_id")
            ?? throw new FormatException("a candidate has no id");
        JsonElement doc = element.TryGetProperty("doc", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object
            ? inner
            : element;
        string title = Text(doc, "title") ?? "";
        string text = Text(doc, "text") ?? Text(doc, "contents") ?? Text(doc, "segment") ?? Text(doc, "passage") ?? "";
        if (title.Length == 0 && text.Length == 0)
        {
            throw new FormatException($"the candidate '{id}' has neither title nor text");
        }

        // Without scores the order of the file is the base ranking.
        float score = -place;
        if (element.TryGetProperty("score", out JsonElement given))
        {
            score = given.ValueKind == JsonValueKind.Number && float.IsFinite(given.GetSingle())
                ? given.GetSingle()
                : throw new FormatException($"the score of '{id}' is no finite number");
        }

        return new RerankCandidate(id, title, score) { Text = text, Attributes = Attributes(element) };
    }

    private static Dictionary<string, IReadOnlyList<string>> Attributes(JsonElement element)
    {
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (element.TryGetProperty("attributes", out JsonElement given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in given.EnumerateObject())
            {
                attributes[property.Name] = property.Value.ValueKind == JsonValueKind.Array
                    ? [.. property.Value.EnumerateArray().Select(value => value.ToString())]
                    : [property.Value.ToString()];
            }
        }

        return attributes;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? value.ToString()
            : null;

    private static RerankCandidate[] BestFirst(List<RerankCandidate> candidates) =>
        [.. candidates.Index().OrderByDescending(one => one.Item.BaseScore).ThenBy(one => one.Index).Select(one => one.Item)];
}
