using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>Reads MovieLens 100K, the folder <c>ml-100k</c> as its owner publishes it.</summary>
/// <remarks>
/// <para>Files (Latin-1): <c>u.data</c> (user, item, rating, time, separated by tabs), <c>u.item</c> (id, title,
/// release date, video date, address, 19 genre flags, separated by bars), <c>u.user</c> (id, age, gender, occupation,
/// zip) and <c>u.genre</c>. The last two may be missing.</para>
/// <para>Without a split all of <c>u.data</c> are interactions, and each of ua, ub, u1 to u5 whose test file is there
/// is a held-out set. With one, its base file holds the interactions and its test file is the only held-out set.</para>
/// </remarks>
public sealed class MovieLens100K : IDatasetReader
{
    private const string Layout =
        "u.data, u.item, and, if you have them, u.user, u.genre and NAME.base with NAME.test for ua, ub, u1 to u5. "
        + "Unpack ml-100k.zip and give the folder ml-100k.";

    private static readonly string[] KnownSplits = ["ua", "ub", "u1", "u2", "u3", "u4", "u5"];

    private static readonly string[] KnownGenres =
    [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama",
        "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    private readonly DataFolder _folder;
    private readonly string? _split;

    /// <summary>A reader of a folder; nothing is read yet.</summary>
    /// <param name="folder">The folder <c>ml-100k</c>.</param>
    /// <param name="split">
    /// Which split's base file holds the interactions, for example <c>ua</c>; null for u.data.
    /// </param>
    public MovieLens100K(string folder, string? split = null)
    {
        _folder = new DataFolder(folder, Name, Layout);
        _split = split;
    }

    /// <inheritdoc/>
    public string Name => "ml-100k";

    /// <inheritdoc/>
    public string Source => _folder.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits => _split is not null
        ? [_split]
        : [.. KnownSplits.Where(split => _folder.Has(split + ".test"))];

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string[] genres = ReadGenres(report);
        var gate = new RowGate(report, "u.item");
        using LineReader lines = _folder.Lines("u.item", Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            if (TryItem(line.ToString().Split('|'), lines.Line, genres, gate, out Item item))
            {
                yield return item;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    /// <inheritdoc/>
    public IEnumerable<User> Users(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!_folder.Has("u.user"))
        {
            report.Note("u.user is not there, so users have no attributes");
            yield break;
        }

        var gate = new RowGate(report, "u.user");
        using LineReader lines = _folder.Lines("u.user", Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            string[] fields = line.ToString().Split('|');
            if (fields.Length != 5)
            {
                gate.File.AddBad(lines.Line, $"{fields.Length} fields; id|age|gender|occupation|zip are expected.");
            }
            else if (gate.TryUser(lines.Line, fields[0], MovieLens.Attributes(
                ("age", [fields[1]]), ("gender", [fields[2]]), ("occupation", [fields[3]]), ("zip", [fields[4]])),
                out User user))
            {
                yield return user;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report) =>
        Ratings(_split is null ? "u.data" : _split + ".base", report);

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => Ratings(split + ".test", report);

    private IEnumerable<Interaction> Ratings(string name, ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var gate = new RowGate(report, name);
        using LineReader lines = _folder.Lines(name, Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            if (MovieLens.TryRating(line, "\t", lines.Line, gate, out Interaction rating))
            {
                yield return rating;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    private string[] ReadGenres(ImportReport report)
    {
        if (!_folder.Has("u.genre"))
        {
            return KnownGenres;
        }

        var genres = new SortedDictionary<int, string>();
        FileReport file = report.Of("u.genre");
        using LineReader lines = _folder.Lines("u.genre", Encoding.Latin1, file);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            int bar = line.LastIndexOf('|');
            ReadOnlySpan<char> number = line[(bar + 1)..];
            if (bar > 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int flag))
            {
                genres[flag] = line[..bar].ToString();
                file.AddGood();
            }
            else
            {
                file.AddBad(lines.Line, $"'{RowGate.Show(line)}' is not of the form genre|number.");
            }
        }

        return [.. genres.Values];
    }

    private static bool TryItem(string[] fields, long line, string[] genres, RowGate gate, out Item item)
    {
        const int Flags = 5;
        item = null!;
        if (fields.Length != Flags + genres.Length)
        {
            gate.File.AddBad(line, $"{fields.Length} fields where {Flags + genres.Length} are expected.");
            return false;
        }

        long? released = null;
        if (fields[2].Length > 0)
        {
            if (!DateTimeOffset.TryParseExact(
                fields[2],
                "d-MMM-yyyy",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset date))
            {
                gate.File.AddBad(line, $"The release date '{RowGate.Show(fields[2])}' is not of the form 01-Jan-1995.");
                return false;
            }

            released = date.ToUnixTimeSeconds();
        }

        string[] own = [.. genres.Where((_, flag) => fields[Flags + flag] == "1")];
        string year = MovieLens.Year(fields[1])
            ?? (fields[2].Length > 4 ? fields[2][^4..] : "");
        return gate.TryItem(
            line, fields[0], fields[1], "", MovieLens.Attributes(("genre", own), ("year", [year])), released, out item);
    }
}
