using System.CommandLine;
using System.Globalization;
using Palate.Hosting;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate compare</c>: pipelines on the same requests, with quality, cost and time side by side.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Option<string[]> _pipelines = new ListOption(
        "--pipelines", "A,B,C", "The pipelines, with commas between; gains are against the first.", []);

    private readonly Option<string> _split = new("--split")
    {
        Description = "The held-out set that says what is relevant. Default: the only one there is.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _queries = GradedQueries.Option(
        "Ask the queries of a file with their grades, or the demo world's, instead of users with what is held out.");

    private readonly Option<bool> _unlearned = new("--unlearned")
    {
        Description = "Leave out the half of the queries that 'train --queries' learns from.",
    };

    private readonly Option<int> _users = new NumberOption(
        "--users", 200, "N", "How many users, or queries, are asked for.", least: 1, aliases: "--requests");

    private readonly Option<int?> _deadline = new("--deadline-ms")
    {
        Description = "How long each answer may take, instead of what the pipelines allow.",
        HelpName = "MS",
    };

    private readonly Option<int> _cutoff = new NumberOption(
        "--top-k", 10, "K", "The k of NDCG@k.", least: 1);

    public CompareVerb(CommonOptions common)
        : base("compare", "Compare pipelines on the same requests: quality, calls, tokens, dollars, time.", common)
    {
        Add(_pipelines);
        Add(_split);
        Add(_queries);
        Add(_unlearned);
        Add(_users);
        Add(_deadline);
        Add(_cutoff);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        Generation generation = new GenerationStore(home.GenerationsFolder).LoadCurrent();
        using var pipelines = HomePipelines.Open(home, TimeProvider.System, ToolProviders.All);
        var recommender = new Recommender(generation, TimeProvider.System, pipelines.Definitions);
        IReadOnlyList<GradedRequest> requests = Requests(arguments, home, generation, output);
        int? deadline = arguments.GetValue(_deadline);
        if (requests.Count == 0)
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "nothing_to_measure",
                "There is no request whose right answers are known.",
                "Name another --split, or queries with --queries; --unlearned leaves about half of them out."));
        }

        PipelineComparison comparison = await PipelineComparison.RunAsync(
            (request, stop) => recommender.RecommendAsync(Within(request, deadline, recommender), stop),
            arguments.GetValue(_pipelines)!,
            requests,
            arguments.GetValue(_cutoff),
            stop: stop);
        output.Result(comparison, console => Show(console, comparison));
        return ExitCode.Ok;
    }

    private IReadOnlyList<GradedRequest> Requests(
        ParseResult arguments, Home home, Generation generation, CommandOutput output)
    {
        int count = arguments.GetValue(_users);
        bool isHalf = arguments.GetValue(_unlearned);

        // About half of them go, and some more than half of the first ones may.
        return GradedQueries.Of(arguments, _queries, generation.Catalog, isHalf ? (3 * count) + 20 : count, output) is { } queries
            ? [.. queries.Where(query => !isHalf || !TrustTrainer.IsLearned(query)).Take(count)]
            : HeldOutRequests.Of(home, generation, arguments.GetValue(_split), count);
    }

    private static RecommendRequest Within(RecommendRequest request, int? milliseconds, Recommender recommender) =>
        milliseconds is null
            ? request
            : request with
            {
                Budget = recommender.BudgetOf(request.Pipeline) with { Deadline = TimeSpan.FromMilliseconds(milliseconds.Value) },
            };

    private static void Show(IAnsiConsole console, PipelineComparison comparison)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("pipeline");
        string ndcg = string.Create(CultureInfo.InvariantCulture, $"NDCG@{comparison.Cutoff}");
        foreach (string title in (string[])
            [ndcg, "gain [95 %]", "calls", "tokens in", "cached", "out", "dollars", "rounds", "p50 ms", "p99 ms", "modes"])
        {
            table.AddColumn(new TableColumn(Markup.Escape(title)).RightAligned());
        }

        double requests = Math.Max(1, comparison.Requests);
        foreach (PipelineRow row in comparison.Rows)
        {
            table.AddRow(
                TerminalText.Of(row.Pipeline),
                Number($"{row.Ndcg:F4}"),
                Number($"{row.Gain:+0.0000;-0.0000;0} [{row.GainInterval.Low:+0.0000;-0.0000;0}, {row.GainInterval.High:+0.0000;-0.0000;0}]"),
                Number($"{row.Calls / requests:F1}"),
                Number($"{row.PromptTokens / requests:F0}"),
                Number($"{row.CachedTokens / requests:F0}"),
                Number($"{row.OutputTokens / requests:F0}"),
                Number($"{row.Dollars / (decimal)requests:F6}"),
                Number($"{row.Rounds / requests:F1}"),
                Number($"{row.P50Milliseconds:F1}"),
                Number($"{row.P99Milliseconds:F1}"),
                TerminalText.Of(string.Join(", ", row.Modes.OrderByDescending(mode => mode.Value)
                    .Select(mode => string.Create(CultureInfo.InvariantCulture, $"{mode.Key} {mode.Value}")))));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{comparison.Requests} requests; calls, tokens, dollars and rounds are per request."));
    }

    private static Text Number(FormattableString number) =>
        TerminalText.Of(number.ToString(CultureInfo.InvariantCulture));
}
