using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Palate.Cli;
using Palate.Llm;
using Palate.Simulation;
using Spectre.Console;

namespace Palate.Benchmarks;

/// <summary><c>notebook</c>: the notebook's world through HTTP to the simulated model, inside its budgets.</summary>
internal sealed class NotebookVerb : Verb
{
    private readonly Option<string> _profile = new("--profile")
    {
        Description = "How the simulated model behaves: notebook reads the texts, notebook-hash gives the notebook's own scores.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "notebook",
    };

    private readonly Option<string> _strategy = new("--strategy")
    {
        Description = "How to ask.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "pointwise-batched",
    };

    private readonly Option<int> _batch = new NumberOption(
        "--batch", 10, "N", "How many items a call of pointwise-batched shows.", least: 1);

    private readonly Option<int> _requests = new NumberOption(
        "--requests", new NotebookOptions().Requests, "N", "How many requests are measured.", least: 1);

    private readonly Option<int> _deadline = new NumberOption(
        "--deadline-ms", (int)new NotebookOptions().Deadline.TotalMilliseconds, "MS", "How long a request may take.", most: 600_000);

    private readonly Option<int> _call = new NumberOption(
        "--call-ms", (int)new NotebookOptions().CallTimeout.TotalMilliseconds, "MS", "How long a call may take.", least: 1);

    public NotebookVerb(CommonOptions common)
        : base("notebook", "Re-rank the published notebook's requests inside its budgets, through HTTP.", common)
    {
        foreach (Option option in (Option[])[_profile, _strategy, _batch, _requests, _deadline, _call])
        {
            Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        var options = new NotebookOptions
        {
            Requests = arguments.GetValue(_requests),
            Deadline = TimeSpan.FromMilliseconds(arguments.GetValue(_deadline)),
            CallTimeout = TimeSpan.FromMilliseconds(arguments.GetValue(_call)),
        };
        await using WebApplication server = SimulationService.Build(new SimulationOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Profile = SimulationProfiles.Named(arguments.GetValue(_profile)!),
        });
        await server.StartAsync(stop);
        using IChatClient model = ProviderFactory.Create(
            new ProviderOptions
            {
                Name = "notebook",
                Kind = ProviderKind.OpenAICompatible,
                Endpoint = new Uri(server.Urls.First()),
                Model = SimulatedModel.ModelName,
            },
            TimeProvider.System);
        var latency = new LatencyModel();
        using IChatClient chat = new CallChainOptions
        {
            // Every request is new here, so nothing is gained by keeping replies.
            Retry = null,
            Break = TimeSpan.FromMilliseconds(200),
            Limits = new LimitOptions { Concurrency = 256 },
            Spend = new SpendOptions
            {
                Prices = PriceMap.Empty,
                Ledger = new InMemoryLedger(),
                Unknown = UnknownPrice.CountAsUnpriced,
                Observer = (_, entry) => latency.Observe(entry),
            },
            Timeout = new TimeoutOptions { PerCall = options.CallTimeout },
        }.Build(model, TimeProvider.System);
        var reranker = new LlmReranker(
            new LlmRerankerOptions
            {
                Strategy = arguments.GetValue(_strategy)!,
                StrategyOptions = new StrategyOptions { BatchSize = arguments.GetValue(_batch) },
                Template = "query-only",
                Candidates = options.Judged,
                Run = new RunnerOptions { Concurrency = options.Judged, CallTimeout = options.CallTimeout, SettledAt = 1 },
            },
            new ModelConnection("notebook", chat)
            {
                Latency = latency,
                IsMeasured = true,
                Estimator = new TokenEstimator(TokenEstimator.FamilyOf(SimulatedModel.ModelName)),
            },
            PromptLibrary.Load(),
            TimeProvider.System);
        NotebookReport report = await new NotebookBenchmark(reranker, options, TimeProvider.System).RunAsync(stop);
        await server.StopAsync(CancellationToken.None);
        output.Result(report, console => Show(console, report));
        return ExitCode.Ok;
    }

    private static void Show(IAnsiConsole console, NotebookReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned());
        table.HideHeaders();
        double gain = report.Ndcg - report.BaseNdcg;
        foreach ((string name, FormattableString value) in (IEnumerable<(string, FormattableString)>)
        [
            ("requests", $"{report.Requests}"),
            ("NDCG@10 before", $"{report.BaseNdcg:F4}"),
            ("NDCG@10 after", $"{report.Ndcg:F4}"),
            ("gain [95 %]", $"{gain:+0.0000;-0.0000;0} [{report.GainInterval.Low:+0.0000;-0.0000;0}, {report.GainInterval.High:+0.0000;-0.0000;0}]"),
            ("gain, ideal of all 140", $"{report.FullIdealGain:+0.0000;-0.0000;0}"),
            ("alpha, learned", $"{report.Alpha:F2}"),
            ("modes", $"{string.Join(", ", report.Modes.OrderByDescending(mode => mode.Value).Select(mode => $"{mode.Key} {mode.Value}"))}"),
            ("over the deadline", $"{report.OverDeadline}"),
            ("ms: p50, p95, p99, max", $"{report.Milliseconds[0]:F1}, {report.Milliseconds[1]:F1}, {report.Milliseconds[2]:F1}, {report.Milliseconds[3]:F1}"),
            ("calls", $"{report.Calls}"),
            ("replies", $"{string.Join(", ", report.Replies.OrderByDescending(reply => reply.Value).Select(reply => $"{reply.Key} {reply.Value}"))}"),
            ("failed calls", $"{string.Join(", ", report.Failures.Select(failure => $"{failure.Key} {failure.Value}"))}"),
        ])
        {
            table.AddRow(TerminalText.Of(name), TerminalText.Of(value.ToString(CultureInfo.InvariantCulture)));
        }

        console.Write(table);
    }
}
