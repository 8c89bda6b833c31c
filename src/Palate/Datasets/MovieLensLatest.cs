namespace Palate;

/// <summary>
/// Reads the CSV editions of MovieLens: <c>ml-latest</c>, <c>ml-latest-small</c>, <c>ml-25m</c>, <c>ml-32m</c>.
/// </summary>
/// <remarks>
/// Files (UTF-8 with a header): <c>ratings.csv</c> (userId, movieId, rating, timestamp), <c>movies.csv</c> (movieId,
/// title,
/// genres) and, when it is there, <c>tags.csv</c> (userId, movieId, tag, timestamp), whose 50 most frequent tags of a
/// movie become its attribute <c>tag</c>. <c>links.csv</c> only points to other sites and is not read. Users are not
/// described.
/// </remarks>
public sealed class MovieLensLatest : IDatasetReader
{
    private const int MostTags = 50;
    private const string Layout =
        "ratings.csv and movies.csv, and tags.csv if you have it. Unpack ml-latest-small.zip and give its folder.";

    private readonly DataFolder _folder;

    /// <summary>A reader of a folder; nothing is read yet.</summary>
    public MovieLensLatest(string folder) => _folder = new DataFolder(folder, Name, Layout);

    /// <inheritdoc/>
    public string Name => "ml-latest";

    /// <inheritdoc/>
    public string Source => _folder.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => [];

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Dictionary<string, string[]> tags = ReadTags(report);
        var gate = new RowGate(report, "movies.csv");
        using DelimitedRows rows = Open("movies.csv", gate.File, ["movieId", "title", "genres"], out int[] at);
        while (rows.Read())
        {
            string id = rows[at[0]].ToString();
            string title = rows[at[1]].Trim().ToString();
            string genres = rows[at[2]].ToString();
            string[] own = genres == "(no genres listed)" ? [] : genres.Split('|');
            Dictionary<string, IReadOnlyList<string>> attributes = MovieLens.Attributes(
                ("genre", own), ("year", [MovieLens.Year(title) ?? ""]), ("tag", tags.GetValueOrDefault(id) ?? []));
            if (gate.TryItem(rows.Line, id, title, "", attributes, null, out Item item))
            {
                yield return item;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report) => [];

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var gate = new RowGate(report, "ratings.csv");
        using DelimitedRows rows = Open(
            "ratings.csv", gate.File, ["userId", "movieId", "rating", "timestamp"], out int[] at);
        while (rows.Read())
        {
            if (rows[at[2]].IsWhiteSpace() || rows[at[3]].IsWhiteSpace())
            {
                gate.File.AddBad(rows.Line, "The rating or the timestamp is empty.");
            }
            else if (gate.TryInteraction(
                rows.Line, rows[at[0]], rows[at[1]], "rating", rows[at[2]], rows[at[3]], out Interaction rating))
            {
                yield return rating;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) =>
        throw new ArgumentException($"ml-latest has no splits, so not '{split}' either.", nameof(split));

    private DelimitedRows Open(string name, FileReport file, string[] columns, out int[] places)
    {
        var rows = new DelimitedRows(_folder.Require(name), ',', file);
        places = [.. columns.Select(rows.IndexOf)];
        int missing = Array.IndexOf(places, -1);
        if (missing >= 0 && rows.Header.Length > 0)
        {
            rows.Dispose();
            throw new ImportException(
                $"The file {name} has no column '{columns[missing]}'; it has {string.Join(", ", rows.Header)}.");
        }

        return rows;
    }

    private Dictionary<string, string[]> ReadTags(ImportReport report)
    {
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        if (!_folder.Has("tags.csv"))
        {
            return [];
        }

        FileReport file = report.Of("tags.csv");
        using DelimitedRows rows = Open("tags.csv", file, ["movieId", "tag"], out int[] at);
        while (rows.Read())
        {
            string movie = rows[at[0]].ToString();
            string tag = rows[at[1]].Trim().ToString().ToLowerInvariant();
            if (tag.Length == 0)
            {
                file.AddBad(rows.Line, "The tag is empty.");
                continue;
            }

            file.AddGood();
            if (!counts.TryGetValue(movie, out Dictionary<string, int>? own))
            {
                own = new Dictionary<string, int>(StringComparer.Ordinal);
                counts.Add(movie, own);
            }

            own[tag] = own.GetValueOrDefault(tag) + 1;
        }

        return counts.ToDictionary(pair => pair.Key, pair => pair.Value
            .OrderByDescending(tag => tag.Value)
            .ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .Take(MostTags)
            .Select(tag => tag.Key)
            .ToArray());
    }
}
