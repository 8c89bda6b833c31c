using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Palate.Simulation;

/// <summary>In which form a prompt wants its reply.</summary>
internal sealed partial class SimulatedForm
{
    private static readonly string[] Keys = ["grades", "answer", "winner", "best", "order", "chosen", "relevance"];

    private SimulatedForm(Kind what, JsonElement? schema)
    {
        What = what;
        Schema = schema;
    }

    internal enum Kind
    {
        Grades,
        Answer,
        Winner,
        Order,
        Chosen,
        Relevance,
        FirstToken,
        Text,
    }

    public Kind What { get; }

    /// <summary>The object that the reply must be; null where text alone tells the form.</summary>
    public JsonElement? Schema { get; }

    /// <summary>The best grade, where the schema does not say.</summary>
    public double BestGrade { get; private init; } = 1;

    /// <summary>How many candidates the prompt wants named; null when it does not say.</summary>
    public int? Wanted { get; private init; }

    public static SimulatedForm Of(SimulatedPrompt prompt, JsonElement? schema, int topLogProbabilities)
    {
        if (schema is { ValueKind: JsonValueKind.Object } wanted
            && wanted.TryGetProperty("properties", out JsonElement properties)
            && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (string key in Keys)
            {
                if (properties.TryGetProperty(key, out JsonElement property))
                {
                    return new SimulatedForm(Named(key), wanted)
                    {
                        Wanted = Count(property) ?? Number(prompt.Question),
                        BestGrade = Best(prompt.Text),
                    };
                }
            }
        }

        if (prompt.Text.Contains("relevance (0..1)", StringComparison.Ordinal))
        {
            return new SimulatedForm(Kind.Relevance, null);
        }

        // Without a schema the text names the keys that it wants: the last name counts, examples come before it.
        string? named = Keys.Where(key => Place(prompt.Text, key) >= 0).MaxBy(key => Place(prompt.Text, key));
        if (named is not null)
        {
            return new SimulatedForm(Named(named), Default(named, prompt.Text))
            {
                Wanted = Number(prompt.Question),
                BestGrade = Best(prompt.Text),
            };
        }

        if (YesOrNo().IsMatch(prompt.Text))
        {
            return new SimulatedForm(Kind.Answer, null);
        }

        return new SimulatedForm(topLogProbabilities > 0 ? Kind.FirstToken : Kind.Text, null);
    }

    private static Kind Named(string key) => key switch
    {
        "grades" => Kind.Grades,
        "answer" => Kind.Answer,
        "winner" or "best" => Kind.Winner,
        "chosen" => Kind.Chosen,
        "relevance" => Kind.Relevance,
        _ => Kind.Order,
    };

    private static int Place(string text, string key) =>
        text.LastIndexOf("\"" + key + "\"", StringComparison.Ordinal);

    private static JsonElement Default(string key, string text)
    {
        string? name = text.Contains("\"why\"", StringComparison.Ordinal) ? "why"
            : text.Contains("\"reason\"", StringComparison.Ordinal) ? "reason" : null;
        string reason = name is null ? "" : ",\"" + name + "\":{\"type\":\"string\"}";
        string next = text.Contains("\"next\"", StringComparison.Ordinal) ? ",\"next\":{\"type\":\"string\"}" : "";
        string property = key switch
        {
            "grades" => "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
                + "{\"id\":{\"type\":\"string\"},\"grade\":{\"type\":\"number\"}" + reason + "}}}",
            "answer" or "winner" or "best" => "{\"type\":\"string\"}",
            "relevance" => "{\"type\":\"number\"}",
            _ => "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
        };
        return JsonElement.Parse("{\"type\":\"object\",\"properties\":{\"" + key + "\":" + property + next + "}}");
    }

    private static int? Count(JsonElement property) =>
        property.ValueKind == JsonValueKind.Object && property.TryGetProperty("maxItems", out JsonElement most)
            && most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out int count)
            ? count
            : null;

    // "from 0 (does not fit) to 100 (fits perfectly)", "0..10"
    private static double Best(string text)
    {
        Match match = Scale().Match(text);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 1;
    }

    // "the 3 best", "choose 4", "top 5"
    private static int? Number(string question)
    {
        Match match = HowMany().Match(question);
        return match.Success ? int.Parse(
            match.Groups[1].Success ? match.Groups[1].ValueSpan : match.Groups[2].ValueSpan,
            CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"(?:best|choose|chosen|top|first|pick|select|name)(?: the)?(?: best)? (\d{1,4})\b|\b(\d{1,4}) best", RegexOptions.IgnoreCase)]
    private static partial Regex HowMany();

    [GeneratedRegex(@"\bfrom 0\b[^.\n]{0,60}?\bto (\d{1,4})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Scale();

    [GeneratedRegex(@"\byes\b.{0,20}\bor\b.{0,20}\bno\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex YesOrNo();
}
