using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>The account of one import: good and bad rows by file, the first reasons, and notes.</summary>
/// <remarks>
/// A stream that is read twice is counted twice, so one report belongs to one import. Not thread-safe.
/// </remarks>
public sealed class ImportReport
{
    /// <summary>How many bad rows are kept with their reasons; all are counted.</summary>
    public const int KeptBadRows = 20;

    /// <summary>The note on an item that is described again.</summary>
    public const string RepeatedItem = "items described twice; the last description counts";

    /// <summary>The note on a user who is described again.</summary>
    public const string RepeatedUser = "users described twice; the last description counts";

    private readonly Dictionary<string, FileReport> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _notes = new(StringComparer.Ordinal);
    private readonly List<BadRow> _firstBad = [];

    /// <summary>An empty report.</summary>
    /// <param name="options">What the import accepts; null for the defaults.</param>
    /// <param name="clock">The clock that tells which times lie in the future; null for the system's.</param>
    public ImportReport(ImportOptions? options = null, TimeProvider? clock = null)
    {
        Options = options ?? new ImportOptions();
        Options.Validate();
        LatestTime = ((clock ?? TimeProvider.System).GetUtcNow() + Options.MaxAhead).ToUnixTimeSeconds();
    }

    /// <summary>What the import accepts.</summary>
    public ImportOptions Options { get; }

    /// <summary>The latest Unix second that a row may carry.</summary>
    public long LatestTime { get; }

    /// <summary>The files in the order in which they were first read.</summary>
    public IReadOnlyCollection<FileReport> Files => _files.Values;

    /// <summary>Good rows of all files.</summary>
    public long Good => _files.Values.Sum(file => file.Good);

    /// <summary>Bad rows of all files.</summary>
    public long Bad => _files.Values.Sum(file => file.Bad);

    /// <summary>The first bad rows, at most <see cref="KeptBadRows"/>.</summary>
    public IReadOnlyList<BadRow> FirstBad => _firstBad;

    /// <summary>What was done to good rows (a text was cut, an item described twice), with how often.</summary>
    public IReadOnlyDictionary<string, long> Notes => _notes;

    /// <summary>The account of one file.</summary>
    public FileReport Of(string file)
    {
        if (!_files.TryGetValue(file, out FileReport? report))
        {
            report = new FileReport(file, Keep);
            _files.Add(file, report);
        }

        return report;
    }

    /// <summary>Counts something that a person should know and that is no error.</summary>
    public void Note(string what) => _notes[what] = _notes.GetValueOrDefault(what) + 1;

    /// <summary>
    /// Fails when more rows are bad than <see cref="ImportOptions.MaxBadShare"/> allows, or a whole file is.
    /// </summary>
    /// <exception cref="ImportException">There are too many bad rows.</exception>
    public void ThrowIfTooManyBad()
    {
        long bad = Bad;
        if (bad == 0 || Options.MaxBadShare >= 1)
        {
            return;
        }

        double share = (double)bad / (bad + Good);
        FileReport worst = _files.Values.OrderByDescending(file => (double)file.Bad / Math.Max(1, file.Good + file.Bad))
            .ThenByDescending(file => file.Bad)
            .First();
        if (share > Options.MaxBadShare || worst.Good == 0)
        {
            throw new ImportException(Complaint(bad, share, worst)) { Report = this };
        }
    }

    /// <summary>
    /// Fails early when, after a thousand rows, more than half are bad: the format is not the stated one.
    /// </summary>
    /// <exception cref="ImportException">There are too many bad rows.</exception>
    public void ThrowIfHopeless()
    {
        long bad = Bad;
        if (bad > 500 && bad > Good)
        {
            ThrowIfTooManyBad();
        }
    }

    private string Complaint(long bad, double share, FileReport worst)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{bad} of {bad + Good} rows are bad ({share:P2}; {Options.MaxBadShare:P2} are allowed). ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"The worst file is {worst.Name}: {worst.Bad} of {worst.Good + worst.Bad} rows. The first:");
        BadRow[] shown = [.. _firstBad.Where(row => row.File == worst.Name).Take(5)];
        foreach (BadRow row in shown.Length > 0 ? shown : [.. _firstBad.Take(5)])
        {
            text.AppendLine().Append("  ").Append(row);
        }

        text.AppendLine().Append(
            CultureInfo.InvariantCulture,
            $"Repair them, or allow them with --max-bad {Math.Min(1, Math.Ceiling((share * 1000) + 1) / 1000):0.###}");
        text.Append(worst.Good == 0 ? " (1 where a whole file may be bad)." : ".");
        return text.ToString();
    }

    private void Keep(BadRow row)
    {
        if (_firstBad.Count < KeptBadRows)
        {
            _firstBad.Add(row);
        }
    }
}
