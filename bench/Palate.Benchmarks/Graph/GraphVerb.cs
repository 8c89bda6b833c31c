using System.CommandLine;
using System.Globalization;
using Palate.Cli;
using Palate.Simulation;
using Spectre.Console;

namespace Palate.Benchmarks;

/// <summary><c>graph</c>: the graph beside the methods that it must be compared with.</summary>
internal sealed class GraphVerb : Verb
{
    private static readonly string[] Shown =
        ["hr@10", "ndcg@10", "topic_ndcg@10", "ild@10", "mad@10", "mad@20", "mad_user@20", "exposure_ratio@10", "calibration@10"];

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder of MovieLens latest-small or 100K, or one that has both (ml-latest-small, ml-100k).",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int> _users = new NumberOption(
        "--users", new GraphBenchmarkOptions().Users, "N", "How many users take part, spread evenly; 0 for all.");

    private readonly Option<int> _draws = new NumberOption(
        "--draws", new GraphBenchmarkOptions().Draws, "N", "How often each user's held-out interaction is drawn at random, 1 to 20; 0 holds out the last one.", most: 20);

    private readonly Option<int> _candidates = new NumberOption(
        "--candidates", new GraphBenchmarkOptions().Candidates, "N", "How many candidates each user has, 11 to 200.", least: 11, most: 200);

    private readonly Option<string> _profile = new("--profile")
    {
        Description = $"The simulated model: {string.Join(", ", SimulationProfiles.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new GraphBenchmarkOptions().Profile,
    };

    private readonly Option<int> _sensitivity = new NumberOption(
        "--sensitivity", new GraphBenchmarkOptions().Sensitivity, "N", "How many cases the rows by model, steps and candidates have; 0 leaves them out.");

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seeds everything that is random.",
        HelpName = "N",
        DefaultValueFactory = _ => new GraphBenchmarkOptions().Seed,
    };

    private readonly Option<string> _html = new("--html")
    {
        Description = "Write the report as one self-contained page, too.",
        HelpName = "FILE",
    };

    public GraphVerb(CommonOptions common)
        : base("graph", "Compare the graph with shapers, a listwise model and a fixed path, on MovieLens.", common)
    {
        Add(_data);
        Add(_users);
        Add(_draws);
        Add(_candidates);
        Add(_profile);
        Add(_sensitivity);
        Add(_seed);
        Add(_html);
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        string folder = arguments.GetValue(_data)!;
        List<ReorderReport> reports = output.WithProgress("Evaluating", tell =>
        {
            var done = new List<ReorderReport>();
            foreach ((string name, IDatasetReader reader) in Readers(folder))
            {
                tell(-1, $"reading {name}");
                done.Add(GraphBenchmark.Run(
                    Dataset.Load(reader, stop: stop).ToTrainingData(),
                    new GraphBenchmarkOptions
                    {
                        Name = name,
                        Users = arguments.GetValue(_users),
                        Draws = arguments.GetValue(_draws),
                        Candidates = arguments.GetValue(_candidates),
                        Profile = arguments.GetValue(_profile)!,
                        Sensitivity = arguments.GetValue(_sensitivity),
                        Seed = arguments.GetValue(_seed),
                    },
                    TimeProvider.System,
                    (share, step) => tell(share, $"{name}: {step}"),
                    stop));
            }

            return done;
        });
        if (arguments.GetValue(_html) is { } file)
        {
            File.WriteAllText(file, HtmlReport.Render(reports));
        }

        output.Result(new { Reports = reports.Select(Json).ToArray() }, console => reports.ForEach(report => Show(console, report)));
        return Task.FromResult(ExitCode.Ok);
    }

    private static List<(string Name, IDatasetReader Reader)> Readers(string folder)
    {
        var found = new List<(string, IDatasetReader)>();
        foreach (string path in (string[])[folder, Path.Combine(folder, "ml-latest-small"), Path.Combine(folder, "ml-100k")])
        {
            string name = Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar));
            if (File.Exists(Path.Combine(path, "ratings.csv")))
            {
                found.Add((name, new MovieLensLatest(path)));
            }
            else if (File.Exists(Path.Combine(path, "u.data")))
            {
                found.Add((name, new MovieLens100K(path)));
            }
        }

        return found.Count > 0 ? found : throw new CommandException(ExitCode.NotFound, new Failure(
            "data_not_found",
            $"There is neither ratings.csv nor u.data in {folder}, in its ml-latest-small or in its ml-100k.",
            "Give the folder of MovieLens latest-small or of MovieLens 100K."));
    }

    private static object Json(ReorderReport report) => new
    {
        report.Title,
        report.Notes,
        report.Checks,
        Rows = report.Rows.Select(row => new
        {
            row.Section,
            row.Row.Name,
            row.Row.Metrics,
            row.Row.Differences,
            row.Steps,
            row.Calls,
            row.Tokens,
            row.Milliseconds,
        }),
        Points = report.Points.Select(point => new { point.Method, point.Weight, point.Row.Metrics }),
        report.Walk,
        report.WalkNote,
    };

    private static void Show(IAnsiConsole console, ReorderReport report)
    {
        string[] metrics = [.. Shown.Where(report.Metrics.Contains)];
        Table table = new Table().Border(TableBorder.Simple).Title(TerminalText.Clean(report.Title)).AddColumn("method");
        foreach (string metric in (string[])[.. metrics, "steps", "calls", "tokens", "ms"])
        {
            table.AddColumn(new TableColumn(metric).RightAligned());
        }

        foreach (ReorderReportRow row in report.Rows)
        {
            table.AddRow(
            [
                TerminalText.Of(row.Row.Name),
                .. metrics.Select(metric => TerminalText.Of(
                    row.Row.Metrics.TryGetValue(metric, out double value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "")),
                .. ((double?[])[row.Steps, row.Calls, row.Tokens, row.Milliseconds])
                    .Select(value => TerminalText.Of(value?.ToString("F1", CultureInfo.InvariantCulture) ?? "")),
            ]);
        }

        console.Write(table);
        foreach (ReorderCheck check in report.Checks)
        {
            console.WriteLine(TerminalText.Clean($"{(check.Reached ? "reached" : "NOT reached")}: {check.Name}. {check.Words}"));
        }

        foreach (string note in report.Notes)
        {
            console.WriteLine(TerminalText.Clean(note));
        }
    }
}
