using System.Text;
using System.Text.Json;

namespace Palate;

/// <summary>
/// Reads JSON lines: one object a line in <c>items.jsonl</c>, <c>users.jsonl</c>, <c>interactions.jsonl</c>.
/// </summary>
/// <remarks>
/// <para>UTF-8, plain or gzipped; each file may be missing, but not all. Unknown members are ignored. Ids are strings
/// or numbers.</para>
/// <code>
/// items         {"id": "sku-1", "title": "Lamp", "text": "A desk lamp.", "attributes": {"colour": ["red", "blue"],
///                "price": 12.5, "new": true}, "added_at": "2025-07-01T00:00:00Z"}
/// users         {"id": "u1", "attributes": {"age": 34}}
/// interactions  {"user_id": "u1", "item_id": "sku-1", "type": "purchase", "value": 2, "time": 1751328000}
/// </code>
/// <para>Only ids are needed. Attributes are strings, numbers, booleans or arrays of them. Times are Unix seconds or
/// ISO 8601; without one the time is unknown. The default type is <c>interaction</c>, the default value 1. <c>user</c> and
/// <c>item</c> are read as <c>user_id</c> and <c>item_id</c>.</para>
/// <para>A file <c>heldout.NAME.jsonl</c> with interactions is the held-out set NAME.</para>
/// </remarks>
public sealed class JsonLines : IDatasetReader
{
    private const string Layout = "items.jsonl, users.jsonl and interactions.jsonl, at least one of them.";
    private const string Prefix = "heldout.";
    private readonly DataFolder _folder;

    /// <summary>A reader of a folder; nothing is read yet.</summary>
    public JsonLines(string folder) => _folder = new DataFolder(folder, Name, Layout);

    private delegate bool Parser<T>(JsonElement row, long line, RowGate gate, out T parsed);

    /// <inheritdoc/>
    public string Name => "jsonl";

    /// <inheritdoc/>
    public string Source => _folder.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => !Directory.Exists(_folder.Path)
        ? []
        : [.. Directory.EnumerateFiles(_folder.Path, Prefix + "*.jsonl*")
            .Select(path => Path.GetFileName(path)[Prefix.Length..])
            .Select(name => name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name)
            .Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal))
            .Select(name => name[..^".jsonl".Length])
            .Distinct()
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report)
    {
        if (!_folder.Has("items.jsonl") && !_folder.Has("users.jsonl") && !_folder.Has("interactions.jsonl"))
        {
            _folder.Require("interactions.jsonl");
        }

        return Rows<Item>("items.jsonl", report, TryItem);
    }

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report) => Rows<User>("users.jsonl", report, TryUser);

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report) =>
        Rows<Interaction>("interactions.jsonl", report, TryInteraction);

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) =>
        Rows<Interaction>($"{Prefix}{split}.jsonl", report, TryInteraction);

    private IEnumerable<T> Rows<T>(string name, ImportReport report, Parser<T> parse)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!_folder.TryFind(name, out string? path))
        {
            report.Note($"{name} is not there");
            yield break;
        }

        var gate = new RowGate(report, name);
        using var lines = new LineReader(path, Encoding.UTF8, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            if (TryRow(line.ToString(), lines.Line, gate, parse, out T parsed))
            {
                yield return parsed;
            }
        }
    }

    private static bool TryRow<T>(string line, long number, RowGate gate, Parser<T> parse, out T parsed)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return parse(document.RootElement, number, gate, out parsed);
            }

            gate.File.AddBad(number, $"The line is a JSON {document.RootElement.ValueKind}, not an object.");
        }
        catch (JsonException e)
        {
            gate.File.AddBad(number, $"The line is not JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // A string with half a surrogate pair, which no text can hold.
            gate.File.AddBad(number, $"A string cannot be read: {e.Message}");
        }
        catch (FormatException e)
        {
            gate.File.AddBad(number, e.Message);
        }

        parsed = default!;
        return false;
    }

    private static bool TryItem(JsonElement row, long line, RowGate gate, out Item item)
    {
        long? addedAt = null;
        if (Text(row, "added_at") is { Length: > 0 } added)
        {
            addedAt = TimeText.TryParse(added, out long seconds)
                ? seconds
                : throw new FormatException($"The time '{RowGate.Show(added)}' is neither Unix seconds nor ISO 8601.");
        }

        return gate.TryItem(
            line,
            Text(row, "id") ?? "",
            Text(row, "title") ?? "",
            Text(row, "text") ?? "",
            AttributesOf(row),
            addedAt,
            out item);
    }

    private static bool TryUser(JsonElement row, long line, RowGate gate, out User user) =>
        gate.TryUser(line, Text(row, "id") ?? "", AttributesOf(row), out user);

    private static bool TryInteraction(JsonElement row, long line, RowGate gate, out Interaction interaction) =>
        gate.TryInteraction(
            line,
            Either(row, "user_id", "user"),
            Either(row, "item_id", "item"),
            Text(row, "type") ?? "interaction",
            Text(row, "value"),
            Text(row, "time"),
            out interaction);

    // The short name is what earlier files have; two that differ are a contradiction and not a choice.
    private static string? Either(JsonElement row, string name, string shorter)
    {
        string? given = Text(row, name);
        string? other = Text(row, shorter);
        return given is null || other is null || given == other
            ? given ?? other
            : throw new FormatException(
                $"'{name}' is '{RowGate.Show(given)}' and '{shorter}' is '{RowGate.Show(other)}'; give one of them.");
    }

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? Scalar(name, value) : null;

    private static string? Scalar(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => null,
        _ => throw new FormatException(
            $"The member '{RowGate.Show(name)}' holds a JSON {value.ValueKind}, not a text or a number."),
    };

    private static Dictionary<string, IReadOnlyList<string>> AttributesOf(JsonElement row)
    {
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (!row.TryGetProperty("attributes", out JsonElement all) || all.ValueKind == JsonValueKind.Null)
        {
            return attributes;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"The attributes are a JSON {all.ValueKind}, not an object.");
        }

        foreach (JsonProperty one in all.EnumerateObject())
        {
            IEnumerable<string?> values = one.Value.ValueKind == JsonValueKind.Array
                ? one.Value.EnumerateArray().Select(value => Scalar(one.Name, value))
                : [Scalar(one.Name, one.Value)];
            string[] filled = [.. values.OfType<string>().Where(value => value.Length > 0)];
            if (filled.Length > 0 && one.Name.Length > 0)
            {
                attributes[one.Name] = filled;
            }
        }

        return attributes;
    }
}
