using System.CommandLine;
using System.Globalization;
using Palate.Storage;

namespace Palate.Cli;

/// <summary><c>palate import</c>: stores a data set in the home.</summary>
internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> _format = new("format")
    {
        Description = $"The format: {string.Join(", ", Formats.Names)}.",
        HelpName = "FORMAT",
    };

    private readonly Argument<string?> _path = new("path")
    {
        Description = "The folder or file with the data; for demo a seed, or nothing.",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _split = new("--split")
    {
        Description = "Take the interactions from the training file of this split: ua, ub, u1 to u5 (ml-100k), "
            + "implicit (ml-1m).",
        HelpName = "NAME",
    };

    private readonly Option<double> _maxBad = new("--max-bad")
    {
        Description = "The share of bad rows, 0 to 1, above which the import fails.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => new ImportOptions().MaxBadShare,
    };

    private readonly Option<string> _map = new("--map")
    {
        Description = "Which column of a csv file means what: user_id=A,item_id=B and, if there are, value=C,time=D,type=E.",
        HelpName = "MAP",
    };

    private readonly Option<string> _delimiter = new("--delimiter")
    {
        Description = "What separates the fields of a csv file: one character, or the word tab. Default: a comma.",
        HelpName = "CHAR",
    };

    private readonly Option<string> _itemTexts = new("--item-texts")
    {
        Description = "A JSON object from item id to text, added to the items.",
        HelpName = "FILE",
    };

    private readonly Option<string> _itemTitles = new("--item-titles")
    {
        Description = "Lines 'id::Title (Year)' that say what the ids of --item-texts stand for, to join by title.",
        HelpName = "FILE",
    };

    public ImportVerb(CommonOptions common)
        : base("import", "Import items, users and interactions; importing the same again changes nothing.", common)
    {
        _format.AcceptOnlyFromAmong(Formats.Names);
        Add(_format);
        Add(_path);
        Add(_split);
        Add(_maxBad);
        Add(_map);
        Add(_delimiter);
        Add(_itemTexts);
        Add(_itemTitles);
        Validators.Add(result =>
        {
            if (result.GetResult(_itemTitles) is not null && result.GetResult(_itemTexts) is null)
            {
                result.AddError("--item-titles says what --item-texts is about; give both.");
            }
        });
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        var choice = new FormatChoice(
            arguments.GetRequiredValue(_format),
            arguments.GetValue(_path),
            arguments.GetValue(_split),
            arguments.GetValue(_map),
            arguments.GetValue(_delimiter));
        IDatasetReader reader = Formats.Open(choice, stop);
        SideTexts? texts = null;
        if (arguments.GetValue(_itemTexts) is { } file)
        {
            texts = SideTexts.Read(file, arguments.GetValue(_itemTitles));
            reader = new TextedReader(reader, texts, isByTitle: arguments.GetValue(_itemTitles) is not null);
        }

        Home home = CommonOptions.CreateHome(arguments);
        var options = new ImportOptions { MaxBadShare = arguments.GetValue(_maxBad) };
        Imported done = Import(home, reader, options, output, stop);
        if (reader is TextedReader { Join: { } join })
        {
            done = done with { ItemTexts = new ItemTexts(join.Matched, join.Unmatched.Count, texts!.Problems) };
        }

        output.Result(done, console => ImportTable.Show(console, done));
        return Task.FromResult(ExitCode.Ok);
    }

    /// <summary>Stores what a reader reads.</summary>
    internal static Imported Import(
        Home home, IDatasetReader reader, ImportOptions options, CommandOutput output, CancellationToken stop)
    {
        ImportResult result = output.WithProgress("Importing", report =>
        {
            report(-1, reader.Source);
            using SqliteStore store = home.OpenStore();
            return store.Import(reader, options, new Relay(report), TimeProvider.System, stop);
        });
        return new Imported(
            reader.Name,
            reader.Source,
            result.Items,
            result.Users,
            result.Interactions,
            result.HeldOut,
            result.Elapsed.TotalSeconds,
            result.Report.Bad,
            [.. result.Report.FirstBad.Select(row => row.ToString())],
            result.Report.Notes);
    }

    private sealed class Relay(Action<double, string> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(
            -1, string.Create(CultureInfo.InvariantCulture, $"{value.Rows:N0} {value.Stage}"));
    }
}
