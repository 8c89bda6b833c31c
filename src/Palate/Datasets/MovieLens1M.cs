using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>
/// Reads MovieLens 1M, the folder <c>ml-1m</c> as its owner publishes it, or an implicit split of it.
/// </summary>
/// <remarks>
/// <para>Files (Latin-1, fields separated by <c>::</c>): <c>movies.dat</c>, <c>users.dat</c>,
/// <c>ratings.dat</c>.</para>
/// <para>The folder <c>implicit</c> may hold <c>train.txt</c> and <c>test.txt</c> (a user's number, then the numbers of
/// the items) with <c>user_map.txt</c> and <c>item_map.txt</c> (MovieLens id, number). With the split <c>implicit</c>,
/// or when there is no <c>ratings.dat</c>, its train file holds the interactions; its test file is the held-out set.
/// It has no times, so they are 0.</para>
/// </remarks>
public sealed class MovieLens1M : IDatasetReader
{
    /// <summary>The name of the only split.</summary>
    public const string ImplicitSplit = "implicit";

    private const string Layout = "movies.dat, users.dat and ratings.dat, or instead of the last the folder implicit "
        + "with train.txt, test.txt, user_map.txt and item_map.txt. Unpack ml-1m.zip and give the folder ml-1m.";

    private static readonly string[] Occupations =
    [
        "other", "academic/educator", "artist", "clerical/admin", "college/grad student", "customer service",
        "doctor/health care", "executive/managerial", "farmer", "homemaker", "K-12 student", "lawyer", "programmer",
        "retired", "sales/marketing", "scientist", "self-employed", "technician/engineer", "tradesman/craftsman",
        "unemployed", "writer",
    ];

    private readonly DataFolder _folder;
    private readonly string? _split;

    /// <summary>A reader of a folder; nothing is read yet.</summary>
    /// <param name="folder">The folder <c>ml-1m</c>.</param>
    /// <param name="split"><see cref="ImplicitSplit"/>, or null for the ratings.</param>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public MovieLens1M(string folder, string? split = null)
    {
        if (split is not (null or ImplicitSplit))
        {
            throw new ArgumentException($"ml-1m has the split '{ImplicitSplit}', not '{split}'.", nameof(split));
        }

        _folder = new DataFolder(folder, Name, Layout);
        _split = split;
    }

    /// <inheritdoc/>
    public string Name => "ml-1m";

    /// <inheritdoc/>
    public string Source => _folder.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits =>
        _split is not null || _folder.Has("implicit/test.txt") ? [ImplicitSplit] : [];

    /// <inheritdoc/>
    public IEnumerable<Item> Items(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var gate = new RowGate(report, "movies.dat");
        using LineReader lines = _folder.Lines("movies.dat", Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            string[] fields = line.ToString().Split("::");
            if (fields.Length != 3)
            {
                gate.File.AddBad(lines.Line, $"{fields.Length} fields where id::title::genres are expected.");
            }
            else if (gate.TryItem(
                lines.Line,
                fields[0],
                fields[1],
                "",
                MovieLens.Attributes(("genre", fields[2].Split('|')), ("year", [MovieLens.Year(fields[1]) ?? ""])),
                null,
                out Item item))
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
        var gate = new RowGate(report, "users.dat");
        using LineReader lines = _folder.Lines("users.dat", Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            string[] fields = line.ToString().Split("::");
            if (fields.Length != 5 || !TryOccupation(fields[3], out string occupation))
            {
                gate.File.AddBad(lines.Line, "No row of the form id::gender::age::occupation (0 to 20)::zip.");
            }
            else if (gate.TryUser(
                lines.Line,
                fields[0],
                MovieLens.Attributes(
                    ("gender", [fields[1]]), ("age", [fields[2]]), ("occupation", [occupation]), ("zip", [fields[4]])),
                out User user))
            {
                yield return user;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> Interactions(ImportReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_split is null && _folder.Has("ratings.dat"))
        {
            return Ratings(report);
        }

        if (_split is null && _folder.Has("implicit/train.txt"))
        {
            report.Note("ratings.dat is not there; the interactions are those of implicit/train.txt");
            return Pairs("implicit/train.txt", report);
        }

        return _split is null ? Ratings(report) : Pairs("implicit/train.txt", report);
    }

    /// <inheritdoc/>
    public IEnumerable<Interaction> HeldOut(string split, ImportReport report) => split == ImplicitSplit
        ? Pairs("implicit/test.txt", report)
        : throw new ArgumentException($"ml-1m has the split '{ImplicitSplit}', not '{split}'.", nameof(split));

    private IEnumerable<Interaction> Ratings(ImportReport report)
    {
        var gate = new RowGate(report, "ratings.dat");
        using LineReader lines = _folder.Lines("ratings.dat", Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            if (MovieLens.TryRating(line, "::", lines.Line, gate, out Interaction rating))
            {
                yield return rating;
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    // A bad number costs its own pair, not the user's line.
    private IEnumerable<Interaction> Pairs(string name, ImportReport report)
    {
        Dictionary<string, string> users = ReadMap("implicit/user_map.txt", report);
        Dictionary<string, string> items = ReadMap("implicit/item_map.txt", report);
        var gate = new RowGate(report, name);
        using LineReader lines = _folder.Lines(name, Encoding.Latin1, gate.File);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            string[] numbers = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!users.TryGetValue(numbers[0], out string? user))
            {
                gate.File.AddBad(lines.Line, $"The user number '{RowGate.Show(numbers[0])}' is not in user_map.txt.");
                continue;
            }

            foreach (string number in numbers[1..])
            {
                if (!items.TryGetValue(number, out string? item))
                {
                    gate.File.AddBad(lines.Line, $"The item number '{RowGate.Show(number)}' is not in item_map.txt.");
                }
                else if (gate.TryInteraction(lines.Line, user, item, "rated", "", "", out Interaction pair))
                {
                    yield return pair;
                }
            }
        }

        _folder.ThrowIfEmpty(gate.File);
    }

    private Dictionary<string, string> ReadMap(string name, ImportReport report)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        FileReport file = report.Of(name);
        using LineReader lines = _folder.Lines(name, Encoding.Latin1, file);
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            string[] pair = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (pair.Length == 2)
            {
                map[pair[1]] = pair[0];
                file.AddGood();
            }
            else
            {
                file.AddBad(lines.Line, $"'{RowGate.Show(line)}' is not a MovieLens id and a number.");
            }
        }

        return map;
    }

    private static bool TryOccupation(string code, out string occupation)
    {
        bool found = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number < Occupations.Length;
        occupation = found ? Occupations[number] : "";
        return found;
    }
}
