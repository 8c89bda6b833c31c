using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Palate.Llm;

namespace Palate.Simulation;

/// <summary>Puts what the simulated model thinks into the form that the prompt wants.</summary>
internal sealed class SimulatedWriter
{
    private const double Sharpness = 8;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SimulatedPrompt _prompt;
    private readonly SimulatedForm _form;
    private readonly double[] _utilities;
    private readonly string[] _reasons;
    private readonly string[] _names;
    private readonly int[] _order;
    private readonly int _verbosity;

    /// <param name="prompt">What was asked.</param>
    /// <param name="form">The form that is wanted.</param>
    /// <param name="utilities">One for each candidate that is asked about, as the model will have it.</param>
    /// <param name="reasons">One for each of them.</param>
    /// <param name="names">What the model calls each of them.</param>
    /// <param name="verbosity">How many words more than needed.</param>
    public SimulatedWriter(
        SimulatedPrompt prompt, SimulatedForm form, double[] utilities, string[] reasons, string[] names, int verbosity)
    {
        _prompt = prompt;
        _form = form;
        _utilities = utilities;
        _reasons = reasons;
        _names = names;
        _verbosity = verbosity;
        _order = [.. Enumerable.Range(0, utilities.Length).OrderByDescending(i => utilities[i]).ThenBy(i => i)];
        string aspect = SimulatedWalk.AspectOf(prompt.Question);
        if (aspect.Contains("divers", StringComparison.OrdinalIgnoreCase))
        {
            Spread();
        }
        else if (SimulatedWalk.GroupsOf(prompt) is { } groups)
        {
            Even(groups);
        }
    }

    private double Top => _utilities.Length > 0 ? Math.Clamp(_utilities[_order[0]], 0, 1) : 0;

    private double Yes => 1 / (1 + Math.Exp(-Sharpness * (Top - 0.5)));

    /// <summary>The reply.</summary>
    public string Write()
    {
        string core = _form.Schema is { } schema ? Json(schema) : _form.What switch
        {
            SimulatedForm.Kind.Relevance => Relevance(),
            SimulatedForm.Kind.Answer => Yes >= 0.5 ? Word("yes") : Word("no"),
            _ => string.Join(" > ", _order.Select(i => "[" + _names[i] + "]")),
        };
        return _verbosity == 0 ? core
            : _form.Schema is null ? $"{Chatter()}\n\n{core}\n\n{Chatter()}"
            : $"{Chatter()}\n\n```json\n{core}\n```\n\n{Chatter()}";
    }

    /// <summary>The most probable first tokens, at most <paramref name="count"/> of them, most probable first.</summary>
    public List<TokenProbability> FirstTokens(int count)
    {
        var tokens = new List<TokenProbability>();
        if (_form.What == SimulatedForm.Kind.Answer)
        {
            double yes = Math.Clamp(Yes, 1e-6, 1 - 1e-6);
            tokens.Add(new TokenProbability(Word("yes"), Math.Log(yes)));
            tokens.Add(new TokenProbability(Word("no"), Math.Log(1 - yes)));
        }
        else
        {
            double all = _order.Sum(i => Math.Exp(Sharpness * (_utilities[i] - Top)));
            tokens.AddRange(_order.Select(i => new TokenProbability(
                _names[i], (Sharpness * (_utilities[i] - Top)) - Math.Log(all))));
        }

        return [.. tokens.OrderByDescending(token => token.LogProbability).Take(count)];
    }

    // As the prompt writes it.
    private string Word(string lower) => _prompt.Text.Contains("Yes or No", StringComparison.Ordinal)
        ? char.ToUpperInvariant(lower[0]) + lower[1..]
        : lower;

    // The diversity aspect: each next one is good and unlike those before it (MMR with even weights).
    private void Spread()
    {
        var left = _order.ToList();
        double[] likeness = new double[_utilities.Length];
        for (int place = 0; place < _order.Length; place++)
        {
            int next = left.MaxBy(i => _utilities[i] - likeness[i]);
            left.Remove(next);
            _order[place] = next;
            foreach (int other in left)
            {
                likeness[other] = Math.Max(
                    likeness[other], SimulatedJudge.Likeness(_prompt.Asked[next].Line, _prompt.Asked[other].Line));
            }
        }
    }

    // The fairness aspect: each place goes to the group whose mean place is further down, within it to the best.
    private void Even(int[] groups)
    {
        var left = _order.ToList();
        double[] due = [groups.Count(group => group == 0), groups.Count(group => group == 1)];
        double[] got = new double[2];
        for (int place = 0; place < _order.Length; place++)
        {
            int wanted = got[0] / due[0] <= got[1] / due[1] ? 0 : 1;
            int at = Math.Max(0, left.FindIndex(i => groups[i] == wanted));
            int next = left[at];
            left.RemoveAt(at);
            _order[place] = next;
            if (groups[next] is 0 or 1)
            {
                got[groups[next]] += _order.Length - place;
            }
        }
    }

    private string Json(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in schema.GetProperty("properties").EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                WriteProperty(json, property.Name, property.Value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteProperty(Utf8JsonWriter json, string name, JsonElement property)
    {
        switch (name)
        {
            case "grades":
                WriteEntries(json, property, Enumerable.Range(0, _utilities.Length));
                break;
            case "answer":
                json.WriteStringValue(Yes >= 0.5 ? "yes" : "no");
                break;
            case "winner" or "best":
                json.WriteStringValue(_order.Length > 0 ? _names[_order[0]] : "");
                break;
            case "order":
            case "chosen":
                int named = Math.Clamp(
                    _form.Wanted ?? (name == "chosen" ? (_order.Length + 1) / 2 : _order.Length), 0, _order.Length);
                WriteEntries(json, property, _order.Take(named));
                break;
            case "relevance":
                json.WriteNumberValue(Math.Round(Top, 4));
                break;
            case "next":
                json.WriteStringValue(Next(property));
                break;
            default:
                WriteOther(json, name, property);
                break;
        }
    }

    private void WriteEntries(Utf8JsonWriter json, JsonElement property, IEnumerable<int> candidates)
    {
        json.WriteStartArray();
        bool isObject = property.TryGetProperty("items", out JsonElement items)
            && items.ValueKind == JsonValueKind.Object && items.TryGetProperty("properties", out _);
        foreach (int i in candidates)
        {
            if (!isObject)
            {
                json.WriteStringValue(_names[i]);
                continue;
            }

            json.WriteStartObject();
            foreach (JsonProperty field in items.GetProperty("properties").EnumerateObject())
            {
                json.WritePropertyName(field.Name);
                switch (field.Name)
                {
                    case "id" or "alias" or "item":
                        json.WriteStringValue(_names[i]);
                        break;
                    case "grade" or "score" or "relevance":
                        WriteGrade(json, field.Value, Math.Clamp(_utilities[i], 0, 1));
                        break;
                    default:
                        json.WriteStringValue(_reasons[i] + (_verbosity > 0 ? "; " + Chatter() : ""));
                        break;
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteGrade(Utf8JsonWriter json, JsonElement field, double grade)
    {
        double most = field.ValueKind == JsonValueKind.Object && field.TryGetProperty("maximum", out JsonElement maximum)
            && maximum.ValueKind == JsonValueKind.Number ? maximum.GetDouble() : _form.BestGrade;
        bool isWhole = field.ValueKind == JsonValueKind.Object && field.TryGetProperty("type", out JsonElement type)
            && type.ValueEquals("integer");
        most = isWhole && most <= 1 ? 100 : most;
        json.WriteNumberValue(Math.Round(grade * most, isWhole ? 0 : 2));
    }

    // What the goal names and was not looked at yet; then stop. Without a goal, every aspect.
    private string Next(JsonElement property)
    {
        string[] choices = property.ValueKind == JsonValueKind.Object
            && property.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => value.ToString())]
            : SimulatedWalk.ChoicesOf(_prompt.Question);
        string seen = _prompt.Pool + "\n" + SimulatedWalk.SeenIn(_prompt.Question);
        string[] left =
        [
            .. choices.Where(choice => !choice.Equals("stop", StringComparison.OrdinalIgnoreCase)
                && !choice.Equals("backward", StringComparison.OrdinalIgnoreCase)
                && !seen.Contains(choice, StringComparison.OrdinalIgnoreCase)),
        ];
        string? wanted = _prompt.Goal.Length == 0 ? left.FirstOrDefault()
            : left.FirstOrDefault(choice => SimulatedWalk.IsNamed(choice, _prompt.Goal));
        return wanted
            ?? choices.FirstOrDefault(choice => choice.Equals("stop", StringComparison.OrdinalIgnoreCase))
            ?? choices.FirstOrDefault() ?? "stop";
    }

    private void WriteOther(Utf8JsonWriter json, string name, JsonElement property)
    {
        string type = property.ValueKind == JsonValueKind.Object && property.TryGetProperty("type", out JsonElement named)
            ? named.ToString() : "string";
        switch (type)
        {
            case "array":
                WriteEntries(json, property, name == "reasons" ? _order.Take(_form.Wanted ?? _order.Length) : []);
                break;
            case "number" or "integer":
                json.WriteNumberValue(0);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "object":
                json.WriteStartObject();
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(
                    "The best " + (_reasons.Length > 0 ? _reasons[_order[0]] : "is none") + "."
                    + (_verbosity > 0 ? " " + Chatter() : ""));
                break;
        }
    }

    private string Relevance()
    {
        string reason = _reasons.Length > 0 ? _reasons[0] : "little in common";
        string relevance = Math.Round(Top, 4).ToString(CultureInfo.InvariantCulture);
        return "{\"relevance\":" + relevance + ",\"rationale\":\"" + JsonEncodedText.Encode(reason)
            + "\",\"policy\":{\"allowed\":true,\"reason\":\"\"}}";
    }

    private string Chatter()
    {
        string[] words = ["Sure,", "I", "have", "looked", "at", "each", "of", "the", "candidates", "with", "care", "and"];
        return string.Join(' ', Enumerable.Range(0, _verbosity).Select(i => words[i % words.Length]));
    }
}
