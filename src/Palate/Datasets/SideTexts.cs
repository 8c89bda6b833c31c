using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Palate;

/// <summary>Texts about items that come in a file of their own, for example what a language model wrote about films.</summary>
/// <remarks>
/// The file is one JSON object from id to text. When its ids are not the catalog's, a second file with lines
/// <c>id::Title (Year)::...</c> (the format of MovieLens 1M, Latin-1) says which titles the ids stand for, and the
/// texts are joined by title and year. Entries that cannot be used are listed, not fatal.
/// </remarks>
public sealed class SideTexts
{
    private readonly Dictionary<string, string> _texts;
    private readonly Dictionary<(string Title, int Year), List<string>> _main = [];
    private readonly Dictionary<(string Title, int Year), List<string>> _alternatives = [];
    private readonly Dictionary<(string Title, int Year), List<string>> _parts = [];

    private SideTexts(Dictionary<string, string> texts) => _texts = texts;

    /// <summary>How many ids have a text.</summary>
    public int Count => _texts.Count;

    /// <summary>What could not be used, a sentence with its place each.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Reads the files.</summary>
    /// <param name="texts">The path of the JSON object.</param>
    /// <param name="titles">The path of the titles, or null when the ids are the catalog's.</param>
    /// <exception cref="ImportException">The first file is not one JSON object.</exception>
    public static SideTexts Read(string texts, string? titles = null)
    {
        using FileStream json = File.OpenRead(texts);
        using FileStream? lines = titles is null ? null : File.OpenRead(titles);
        return Read(json, lines);
    }

    /// <summary>Reads the same from streams.</summary>
    /// <exception cref="ImportException">The first stream is not one JSON object.</exception>
    public static SideTexts Read(Stream texts, Stream? titles = null)
    {
        var problems = new List<string>();
        var read = new SideTexts(ReadTexts(texts, problems)) { Problems = problems };
        if (titles is not null)
        {
            read.ReadTitles(titles, problems);
        }

        return read;
    }

    /// <summary>Gives each item the text of its own id.</summary>
    public SideTextJoin JoinById(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Join(catalog, item => item.Id);
    }

    /// <summary>
    /// Gives each item the text of the title and year that it shares with the file: the full title first, then the
    /// alternatives in parentheses, then a part of the file's title (<c>Star Wars</c> for
    /// <c>Star Wars: Episode IV - A New Hope</c>), then the full title one year off. Where several of the file's entries
    /// fit equally well, the first step takes the first of them and the later steps take none.
    /// </summary>
    /// <remarks>The year is the last one in parentheses in the item's title, else the attribute <c>year</c>.</remarks>
    /// <exception cref="InvalidOperationException">No titles were read.</exception>
    public SideTextJoin JoinByTitle(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return _main.Count == 0
            ? throw new InvalidOperationException("No titles were read: pass the file of titles, or join by id.")
            : Join(catalog, Find);
    }

    private SideTextJoin Join(Catalog catalog, Func<Item, string?> find)
    {
        var items = new List<Item>(catalog.Count);
        var unmatched = new List<string>();
        foreach (Item item in catalog.Items)
        {
            if (find(item) is { } id && _texts.TryGetValue(id, out string? text))
            {
                items.Add(item with { Text = item.Text.Length == 0 ? text : item.Text + "\n" + text });
            }
            else
            {
                items.Add(item);
                unmatched.Add(item.Id);
            }
        }

        return new SideTextJoin(new Catalog(items), items.Count - unmatched.Count, unmatched);
    }

    private string? Find(Item item)
    {
        var key = TitleKey.Parse(item.Title);
        int year = key.Year;
        if (year == 0 && item.Attributes.TryGetValue("year", out IReadOnlyList<string>? years) && years.Count > 0)
        {
            _ = int.TryParse(years[0], NumberStyles.None, CultureInfo.InvariantCulture, out year);
        }

        if (key.Main.Length == 0)
        {
            return null;
        }

        if (_main.TryGetValue((key.Main, year), out List<string>? exact))
        {
            return exact[0];
        }

        string[] forms = [key.Main, .. key.Alternatives];
        return Only(forms, _main, year)
            ?? Only(forms, _alternatives, year)
            ?? Only([key.Main], _parts, year)
            ?? Only([key.Main], _main, year - 1, year + 1);
    }

    // The one entry under any of the forms and years; null when there is none or more than one.
    private static string? Only(
        string[] forms, Dictionary<(string Title, int Year), List<string>> table, params ReadOnlySpan<int> years)
    {
        string? only = null;
        foreach (int year in years)
        {
            foreach (string form in forms)
            {
                foreach (string id in table.GetValueOrDefault((form, year)) ?? [])
                {
                    if (only is not null && only != id)
                    {
                        return null;
                    }

                    only = id;
                }
            }
        }

        return only;
    }

    private static Dictionary<string, string> ReadTexts(Stream stream, List<string> problems)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ImportException(
                    $"The file of texts holds a JSON {document.RootElement.ValueKind}; it must be one object {{id: text}}.");
            }

            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.String)
                {
                    problems.Add($"The text of id '{entry.Name}' is a JSON {entry.Value.ValueKind}, not a string.");
                }
                else if (entry.Value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
                {
                    texts[entry.Name] = text;
                }
                else
                {
                    problems.Add($"The text of id '{entry.Name}' is empty.");
                }
            }

            return texts;
        }
        catch (JsonException e)
        {
            throw new ImportException($"The file of texts is no valid JSON: {e.Message}", e);
        }
    }

    private void ReadTitles(Stream stream, List<string> problems)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        for (int line = 1; reader.ReadLine() is { } row; line++)
        {
            string[] fields = row.Split("::");
            if (fields.Length < 2 || fields[0].Length == 0)
            {
                problems.Add($"Line {line} of the titles is not 'id::Title (Year)::...'.");
                continue;
            }

            var key = TitleKey.Parse(fields[1]);
            Add(_main, key.Main, key.Year, fields[0]);
            foreach (string alternative in key.Alternatives)
            {
                Add(_alternatives, alternative, key.Year, fields[0]);
            }

            foreach (string part in key.Parts)
            {
                Add(_parts, part, key.Year, fields[0]);
            }
        }
    }

    private static void Add(
        Dictionary<(string Title, int Year), List<string>> table, string title, int year, string id)
    {
        if (table.TryGetValue((title, year), out List<string>? ids))
        {
            ids.Add(id);
        }
        else
        {
            table.Add((title, year), [id]);
        }
    }
}
