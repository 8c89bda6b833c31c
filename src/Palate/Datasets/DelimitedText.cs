namespace Palate;

/// <summary>Reads interactions from one CSV file of any make: a header, and a map from meanings to columns.</summary>
/// <remarks>
/// The file is UTF-8, plain or gzipped. An empty value is 1, an empty time is unknown (0). Times are Unix seconds or
/// ISO 8601. Items and users are not described; import them from <see cref="JsonLines"/>.
/// </remarks>
public sealed class DelimitedText : IDatasetReader
{
    private static readonly string[] Meanings = ["user_id", "item_id", "value", "time", "type"];
    private readonly string _path;
    private readonly Dictionary<string, string> _columns;
    private readonly char _delimiter;
    private readonly string _type;

    /// <summary>A reader of a file; nothing is read yet.</summary>
    /// <param name="path">The file; <c>.gz</c> is found when it is not there plain.</param>
    /// <param name="columns">
    /// Which column means what, for example <c>user_id=customer,item_id=sku,value=qty,time=ts,type=event</c>;
    /// user_id and item_id (also read as user and item) are needed.
    /// </param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="type">The type of the interactions when no column says it.</param>
    /// <exception cref="ArgumentException">The map is not of that form.</exception>
    public DelimitedText(string path, string columns, char delimiter = ',', string type = "interaction")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(columns);
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        if (delimiter is '"' or '\n' or '\r')
        {
            throw new ArgumentException("A quote or a line end cannot separate fields.", nameof(delimiter));
        }

        _path = path;
        _delimiter = delimiter;
        _type = type;
        _columns = ParseMap(columns);
    }

    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public string Source => _path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => [];

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report) => [];

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report) => [];

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var folder = new DataFolder(
            Path.GetDirectoryName(Path.GetFullPath(_path))!, Name, "a file with a header and one interaction a line.");
        string name = Path.GetFileName(_path);
        var gate = new RowGate(report, name);
        using var rows = new DelimitedRows(folder.Require(name), _delimiter, gate.File);
        int[] at = [.. Meanings.Select(meaning => Place(rows, meaning))];
        var types = new IdCache();
        while (rows.Read())
        {
            string type = at[4] < 0 || rows[at[4]].IsWhiteSpace() ? _type : types.Get(rows[at[4]].Trim());
            ReadOnlySpan<char> value = at[2] < 0 ? default : rows[at[2]].Trim();
            ReadOnlySpan<char> time = at[3] < 0 ? default : rows[at[3]].Trim();
            if (gate.TryInteraction(
                rows.Line, rows[at[0]].Trim(), rows[at[1]].Trim(), type, value, time, out Interaction interaction))
            {
                yield return interaction;
            }
        }

        folder.ThrowIfEmpty(gate.File);
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) =>
        throw new ArgumentException($"A CSV file has no splits, so not '{split}' either.", nameof(split));

    private static Dictionary<string, string> ParseMap(string columns)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in columns.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] pair = entry.Split('=', 2, StringSplitOptions.TrimEntries);
            string meaning = pair[0] is "user" or "item" ? pair[0] + "_id" : pair[0];
            if (pair.Length != 2 || pair[1].Length == 0 || !Meanings.Contains(meaning) || !map.TryAdd(meaning, pair[1]))
            {
                throw new ArgumentException(
                    $"'{entry}' is not of the form meaning=column with one of {string.Join(", ", Meanings)}, "
                    + "each once; for example user_id=customer,item_id=sku,time=ts.",
                    nameof(columns));
            }
        }

        if (!map.ContainsKey("user_id") || !map.ContainsKey("item_id"))
        {
            throw new ArgumentException(
                $"'{columns}' does not name the columns of user_id and item_id; for example user_id=customer,item_id=sku.",
                nameof(columns));
        }

        return map;
    }

    private int Place(DelimitedRows rows, string meaning)
    {
        if (!_columns.TryGetValue(meaning, out string? column) || rows.Header.Length == 0)
        {
            return -1;
        }

        int place = rows.IndexOf(column);
        return place >= 0
            ? place
            : throw new ImportException(
                $"The file {_path} has no column '{column}' for {meaning}; it has {string.Join(", ", rows.Header)}. "
                + "Correct the map, or the delimiter.");
    }
}
