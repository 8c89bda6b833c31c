using System.CommandLine;
using System.Globalization;
using Palate.Hosting;
using Palate.Llm;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate rerank</c>: re-ranks candidates of a file, with no generation behind them.</summary>
internal sealed class RerankVerb : Verb
{
    private const string Trec = "trec";
    private const string Lines = "jsonl";

    private readonly Option<string> _query = new("--query") { Description = "What was asked for.", HelpName = "TEXT" };

    private readonly Option<string> _candidates = new("--candidates")
    {
        Description = "A file with a JSON object a line: candidates, or whole queries; - for standard input.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _strategy = new("--strategy")
    {
        Description = $"How to ask: {string.Join(", ", Strategies.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new LlmRerankerOptions().Strategy,
    };

    private readonly Option<string> _template = new("--template")
    {
        Description = "The prompt template; 'palate prompt list' shows them.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new LlmRerankerOptions().Template,
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "A model of palate.yaml, or simulated, or simulated:PROFILE.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "simulated",
    };

    private readonly Option<int> _deadline = new NumberOption(
        "--deadline-ms", 10_000, "MS", "How long it may take for each query.", most: 600_000);

    private readonly Option<int> _tokens = new NumberOption(
        "--tokens", 100_000, "N", "How many tokens may be used for each query.");

    private readonly Option<int> _top = new NumberOption(
        "--top-k", 10, "K", "How many places matter.", least: 1);

    private readonly Option<int> _depth = new NumberOption(
        "--depth", 200, "N", "How many of the best candidates are judged, 2 to 200; the others stay below them as they are.", least: 2, most: 200);

    private readonly Option<double> _alpha = new("--alpha")
    {
        Description = "The share of the base score in the final one, 0 to 1.",
        HelpName = "A",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<bool> _rationales = new("--rationales") { Description = "Ask for reasons, too." };

    private readonly Option<string> _format = new("--format")
    {
        Description = "What to write without --json: jsonl or trec.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => Lines,
    };

    public RerankVerb(CommonOptions common)
        : base("rerank", "Re-rank the candidates of a file with a language model.", common)
    {
        _format.AcceptOnlyFromAmong(Lines, Trec);
        foreach (Option option in (Option[])
            [_query, _candidates, _strategy, _template, _model, _deadline, _tokens, _top, _depth, _alpha, _rationales, _format])
        {
            Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        var bad = new List<string>();
        IReadOnlyList<CandidateQuery> queries = Read(arguments, bad);
        if (queries.Count == 0)
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "no_candidates",
                bad.Count > 0 ? $"No line of the candidates could be read. {bad[0]}" : "The candidates are empty.",
                "Give a line like {\"id\":\"a\",\"title\":\"Red shoes\",\"score\":1.5} for each."));
        }

        using var models = HomeModels.Open(CommonOptions.PathOf(arguments), TimeProvider.System, ToolProviders.All);
        double alpha = arguments.GetValue(_alpha);
        var options = new LlmRerankerOptions
        {
            Strategy = arguments.GetValue(_strategy)!,
            Template = arguments.GetValue(_template)!,
            Candidates = arguments.GetValue(_depth),
            Alpha = alpha,
            Rationales = arguments.GetValue(_rationales),

            // Of scores in a file nothing is known; how much they count is what alpha says.
            Evidence = new EvidenceOptions { BaseCorrelation = 0, Certainty = 10, UselessProbability = 0.001, HostileProbability = 0.001 },
        };
        var budget = new Budget
        {
            Deadline = TimeSpan.FromMilliseconds(arguments.GetValue(_deadline)),
            Tokens = arguments.GetValue(_tokens),
            MicroDollars = long.MaxValue / 4_000_000,
        };
        budget.Validate();
        var reranker = new LlmReranker(
            options, models.Connect(arguments.GetValue(_model)!), models.Prompts, TimeProvider.System);
        var results = new List<Reranked>();
        foreach (CandidateQuery query in queries)
        {
            results.Add(await RerankAsync(reranker, query, budget, alpha, arguments.GetValue(_top), options, stop));
        }

        bool isTrec = arguments.GetValue(_format) == Trec;
        output.Result(new Result(results, bad), console => Show(console.Profile.Out.Writer, results, isTrec));
        foreach (string line in bad)
        {
            output.Say(line);
        }

        return ExitCode.Ok;
    }

    private IReadOnlyList<CandidateQuery> Read(ParseResult arguments, List<string> bad)
    {
        string file = arguments.GetValue(_candidates)!;
        using TextReader reader = file == "-" ? Console.In : File.OpenText(file);
        return CandidateFile.Read(reader, arguments.GetValue(_query), bad);
    }

    private static async Task<Reranked> RerankAsync(
        LlmReranker reranker,
        CandidateQuery query,
        Budget budget,
        double alpha,
        int top,
        LlmRerankerOptions options,
        CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        RerankCandidate[] best = [.. query.Candidates.Take(options.Candidates)];
        Judged judged = await reranker.JudgeAsync(
            new RerankRequest
            {
                Query = query.Query,
                Candidates = best,
                Top = top,
                Pipeline = "rerank",
                Rationales = options.Rationales,
            },
            budget,
            start + (long)(budget.Deadline.TotalSeconds * time.TimestampFrequency),
            stop);
        stop.ThrowIfCancellationRequested();
        float[] final = judged.Blend(new Blend { Alpha = alpha });
        int[] order = [.. Enumerable.Range(0, final.Length).OrderByDescending(place => final[place]).ThenBy(place => place)];
        int left = query.Candidates.Count - best.Length;
        return new Reranked(
            query.Id,
            query.Query,
            judged.Mode.Name,
            judged.Mode.Code,
            left == 0 ? judged.Mode.Reason : string.Create(
                CultureInfo.InvariantCulture, $"{judged.Mode.Reason} The {left} candidates behind the best {best.Length} kept their order."),
            [
                .. order.Select((place, rank) => new RerankedItem(
                    best[place].Id, rank + 1, final[place], best[place].BaseScore, place + 1)
                {
                    Rationale = judged.Rationale(place),
                }),
                .. query.Candidates.Skip(best.Length).Select((candidate, place) => new RerankedItem(
                    candidate.Id,
                    best.Length + place + 1,
                    judged.HasJudgments ? -(place + 1f) / left : candidate.BaseScore,
                    candidate.BaseScore,
                    best.Length + place + 1)),
            ],
            judged.Usage,
            time.GetElapsedTime(start).TotalMilliseconds);
    }

    private static void Show(TextWriter writer, List<Reranked> results, bool isTrec)
    {
        foreach (Reranked result in results)
        {
            if (isTrec)
            {
                TrecFiles.WriteRun(writer, result.QueryId, result.Items.Select(item => (item.Id, item.Score)), "palate");
                continue;
            }

            foreach (RerankedItem item in result.Items)
            {
                writer.WriteLine(CommandOutput.Line(item));
            }
        }
    }

    /// <summary>All queries with what came of them, and the lines that were left out.</summary>
    internal sealed record Result(IReadOnlyList<Reranked> Queries, IReadOnlyList<string> LeftOut);

    /// <summary>One query's candidates in their new order.</summary>
    internal sealed record Reranked(
        string QueryId,
        string? Query,
        string Mode,
        string ReasonCode,
        string Reason,
        IReadOnlyList<RerankedItem> Items,
        RerankUsage Usage,
        double Milliseconds);

    /// <summary>A candidate in its new place.</summary>
    internal sealed record RerankedItem(string Id, int Rank, float Score, float BaseScore, int BaseRank)
    {
        public string? Rationale { get; init; }
    }
}
