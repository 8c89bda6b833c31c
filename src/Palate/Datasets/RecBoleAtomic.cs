using System.Text;

namespace Palate;

/// <summary>
/// Reads RecBole's atomic files: <c>NAME.inter</c> with <c>.item</c>, <c>.user</c>, <c>.kg</c> and <c>.link</c>.
/// </summary>
/// <remarks>
/// <para>UTF-8, fields separated by tabs, with a header of names and types: <c>user_id:token item_id:token rating:float
/// timestamp:float</c>; a <c>token_seq</c> holds words separated by spaces. In <c>.inter</c> a column named rating,
/// value,
/// label or count is the value, and timestamp or time the time. In <c>.item</c> a column whose name ends in title, or
/// is
/// name, is the title, and text or description the text; other columns of items and users are attributes, but
/// <c>float_seq</c> is not read.</para>
/// <para>Triples in <c>.kg</c> become attributes of the item whose entity (by <c>.link</c>) is their head.</para>
/// <para>With the benchmark files <c>NAME.train.inter</c>, <c>NAME.valid.inter</c> and <c>NAME.test.inter</c> the first
/// holds the interactions and the others are the held-out sets valid and test.</para>
/// </remarks>
public sealed class RecBoleAtomic : IDatasetReader
{
    private const string Layout = "NAME.inter, or NAME.train.inter with NAME.valid.inter and NAME.test.inter, and, if "
        + "you have them, NAME.item, NAME.user, NAME.kg and NAME.link. Give the folder with these files.";

    private static readonly string[] BenchmarkSplits = ["valid", "test"];
    private readonly DataFolder _folder;
    private readonly string? _name;

    /// <summary>A reader of a folder; nothing is read yet.</summary>
    /// <param name="folder">The folder with the files.</param>
    /// <param name="name">NAME; null for the only one in the folder.</param>
    public RecBoleAtomic(string folder, string? name = null)
    {
        _folder = new DataFolder(folder, Name, Layout);
        _name = name;
    }

    /// <inheritdoc/>
    public string Name => "recbole";

    /// <inheritdoc/>
    public string Source => _folder.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits
    {
        get
        {
            string name = FindName();
            return IsBenchmark(name) ? [.. BenchmarkSplits.Where(split => _folder.Has($"{name}.{split}.inter"))] : [];
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string name = FindName() + ".item";
        if (!_folder.Has(name))
        {
            report.Note($"{name} is not there, so items have no attributes");
            yield break;
        }

        Dictionary<string, Dictionary<string, List<string>>> facts = ReadFacts(report);
        var gate = new RowGate(report, name);
        using var rows = new AtomicRows(_folder.Require(name), gate.File);
        int id = rows.Need("item_id");
        int title = rows.Find(column => column.EndsWith("title", StringComparison.Ordinal) || column == "name");
        int text = rows.Find(column => column is "text" or "description");
        while (rows.Read())
        {
            Dictionary<string, IReadOnlyList<string>> attributes = rows.Attributes(id, title, text);
            foreach ((string relation, List<string> tails) in facts.GetValueOrDefault(rows.Fields[id]) ?? [])
            {
                attributes.TryAdd(relation, tails);
            }

            if (gate.TryItem(
                rows.Line, rows.Fields[id], rows.TextAt(title), rows.TextAt(text), attributes, null, out Item item))
            {
                yield return item;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string name = FindName() + ".user";
        if (!_folder.Has(name))
        {
            report.Note($"{name} is not there, so users have no attributes");
            yield break;
        }

        var gate = new RowGate(report, name);
        using var rows = new AtomicRows(_folder.Require(name), gate.File);
        int id = rows.Need("user_id");
        while (rows.Read())
        {
            if (gate.TryUser(rows.Line, rows.Fields[id], rows.Attributes(id), out User user))
            {
                yield return user;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report)
    {
        string name = FindName();
        return Inter(IsBenchmark(name) ? $"{name}.train.inter" : $"{name}.inter", report);
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) =>
        Inter($"{FindName()}.{split}.inter", report);

    private IEnumerable<Interaction> Inter(string name, ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var gate = new RowGate(report, name);
        using var rows = new AtomicRows(_folder.Require(name), gate.File);
        int user = rows.Need("user_id");
        int item = rows.Need("item_id");
        int value = rows.Find(column => column is "rating" or "value" or "label" or "count");
        int time = rows.Find(column => column is "timestamp" or "time");
        string type = value >= 0 && rows.Columns[value].Name == "rating" ? "rating" : "interaction";
        while (rows.Read())
        {
            if (gate.TryInteraction(
                rows.Line,
                rows.Fields[user],
                rows.Fields[item],
                type,
                rows.TextAt(value),
                rows.TextAt(time),
                out Interaction one))
            {
                yield return one;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    private bool IsBenchmark(string name) => !_folder.Has($"{name}.inter") && _folder.Has($"{name}.train.inter");

    private string FindName()
    {
        if (_name is not null)
        {
            return _name;
        }

        string[] names = !Directory.Exists(_folder.Path) ? [] : [.. Directory.EnumerateFiles(_folder.Path)
            .Select(path => Path.GetFileName(path))
            .Select(file => file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file)
            .Where(file => file.EndsWith(".inter", StringComparison.Ordinal))
            .Select(file => file[..^".inter".Length])
            .Select(file => Path.GetExtension(file) is ".train" or ".valid" or ".test"
                ? Path.GetFileNameWithoutExtension(file)
                : file)
            .Distinct()];
        return names.Length switch
        {
            1 => names[0],
            0 => _folder.Require("NAME.inter"),
            _ => throw new ImportException(
                $"The folder {_folder.Path} holds several data sets: "
                + $"{string.Join(", ", names.Order(StringComparer.Ordinal))}. Say which one is meant."),
        };
    }

    // Relation to tails, by item.
    private Dictionary<string, Dictionary<string, List<string>>> ReadFacts(ImportReport report)
    {
        var facts = new Dictionary<string, Dictionary<string, List<string>>>(StringComparer.Ordinal);
        string name = FindName();
        if (!_folder.Has(name + ".kg") || !_folder.Has(name + ".link"))
        {
            return facts;
        }

        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var links = new AtomicRows(_folder.Require(name + ".link"), report.Of(name + ".link")))
        {
            int item = links.Need("item_id");
            int entity = links.Need("entity_id");
            while (links.Read())
            {
                items[links.Fields[entity]] = links.Fields[item];
                links.CountGood();
            }
        }

        using var triples = new AtomicRows(_folder.Require(name + ".kg"), report.Of(name + ".kg"));
        int head = triples.Need("head_id");
        int relation = triples.Need("relation_id");
        int tail = triples.Need("tail_id");
        while (triples.Read())
        {
            triples.CountGood();
            if (items.TryGetValue(triples.Fields[head], out string? item))
            {
                facts.TryAdd(item, new Dictionary<string, List<string>>(StringComparer.Ordinal));
                facts[item].TryAdd(triples.Fields[relation], []);
                facts[item][triples.Fields[relation]].Add(triples.Fields[tail]);
            }
        }

        return facts;
    }

    private sealed class AtomicRows : IDisposable
    {
        private readonly LineReader _lines;
        private readonly FileReport _file;

        public AtomicRows(string path, FileReport file)
        {
            _file = file;
            _lines = new LineReader(path, Encoding.UTF8, file);
            Columns = _lines.Next(out ReadOnlySpan<char> header)
                ? [.. header.ToString().Split('\t').Select(column => column.Trim().Split(':'))
                    .Select(pair => (pair[0], pair.Length > 1 ? pair[1] : "token"))]
                : [];
        }

        public (string Name, string Type)[] Columns { get; }

        public string[] Fields { get; private set; } = [];

        public long Line => _lines.Line;

        public int Find(Predicate<string> isWanted) => Array.FindIndex(Columns, column => isWanted(column.Name));

        public int Need(string name)
        {
            int place = Find(column => column == name);
            if (place < 0 && Columns.Length > 0)
            {
                _lines.Dispose();
                throw new ImportException(
                    $"The file {_file.Name} has no column '{name}'; its columns are: "
                    + $"{string.Join(", ", Columns.Select(column => column.Name))}. The first line must be a header "
                    + "such as user_id:token, item_id:token, rating:float, separated by tabs.");
            }

            return place;
        }

        public bool Read()
        {
            while (_lines.Next(out ReadOnlySpan<char> line))
            {
                Fields = line.ToString().Split('\t');
                if (Fields.Length == Columns.Length)
                {
                    return true;
                }

                _file.AddBad(Line, $"{Fields.Length} fields where the header has {Columns.Length}.");
            }

            return false;
        }

        public void CountGood() => _file.AddGood();

        public string TextAt(int place) => place < 0 ? "" : Fields[place].Trim();

        public Dictionary<string, IReadOnlyList<string>> Attributes(params ReadOnlySpan<int> except)
        {
            var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            for (int place = 0; place < Columns.Length; place++)
            {
                string text = Fields[place].Trim();
                if (text.Length > 0 && !except.Contains(place) && Columns[place].Type != "float_seq")
                {
                    attributes[Columns[place].Name] = Columns[place].Type == "token_seq"
                        ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        : [text];
                }
            }

            return attributes;
        }

        public void Dispose() => _lines.Dispose();
    }
}
