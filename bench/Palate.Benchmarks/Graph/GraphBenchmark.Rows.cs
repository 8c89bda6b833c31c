using System.Collections.Concurrent;
using System.Globalization;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <content>The rows of the table.</content>
public sealed partial class GraphBenchmark
{
    private static readonly string[] Goals = ["accuracy", "diversity", "fairness", "balanced"];
    private static readonly string[] Qualities = ["good", "noisy", "random", "hostile", "malformed"];

    private static void AddClassical(List<(string, Measured)> rows, Tuned tuned)
    {
        foreach (Reorderer own in tuned.Classical)
        {
            rows.Add(("shaper alone", new Measured(own)));
        }
    }

    private void AddGraph(List<(string, Measured)> rows, ReorderProtocol test, Tuned tuned)
    {
        rows.Add(("model", Listwise(test)));
        foreach (GraphExecution execution in Enum.GetValues<GraphExecution>())
        {
            var options = new GraphOptions { Execution = execution, Goals = tuned.Goals };
            string how = execution.ToString().ToLowerInvariant();
            foreach (string goal in Goals)
            {
                rows.Add(("graph, " + how, Ordered(test, options, goal, $"graph {how}: {goal}", _options.Profile)));
            }

            if (execution != GraphExecution.Rules)
            {
                rows.Add(("graph, " + how, Ordered(
                    test, options with { Path = Path }, "balanced", $"path A-D-F-Stop {how}", _options.Profile)));
            }
        }
    }

    private void AddAblations(List<(string, Measured)> rows, ReorderProtocol test, Tuned tuned)
    {
        foreach (GraphExecution execution in (GraphExecution[])[GraphExecution.Algorithm, GraphExecution.Model])
        {
            var options = new GraphOptions { Execution = execution, Goals = tuned.Goals };
            string how = execution.ToString().ToLowerInvariant();
            rows.Add(("ablation", Ordered(
                test, options with { UsesPool = false }, "balanced", $"{how}: without pool", _options.Profile)));
            rows.Add(("ablation", Ordered(
                test, options with { Path = ["Accuracy", "Accuracy", "Stop"] }, "balanced", $"{how}: without routing (A-A-Stop)", _options.Profile)));
            rows.Add(("ablation", Ordered(test, options, "", $"{how}: without goal", _options.Profile)));
            if (execution == GraphExecution.Algorithm)
            {
                rows.Add(("ablation", Ordered(
                    test, options with { Exchanges = 0 }, "balanced", $"{how}: without exchanges", _options.Profile)));
            }
        }
    }

    private IEnumerable<ReorderReportRow> Sensitivity(ReorderProtocol test, Tuned tuned)
    {
        if (_options.Sensitivity == 0)
        {
            yield break;
        }

        ReorderProtocol few = Few(test);
        var models = new GraphOptions { Execution = GraphExecution.Model, Goals = tuned.Goals };
        foreach (ReorderReportRow row in Table(
            "model's quality",
            few,
            [
                .. Qualities.Select(profile => Ordered(few, models, "balanced", $"{profile}, model orders", profile)),
                .. Qualities.Select(profile => Ordered(
                    few, models with { Execution = GraphExecution.Algorithm }, "balanced", $"{profile}, algorithm orders", profile)),
            ]))
        {
            yield return row;
        }

        foreach (ReorderReportRow row in Table(
            "steps",
            few,
            [
                .. Enumerable.Range(1, 8).Select(steps => Ordered(
                    few, models with { Steps = steps }, "balanced", string.Create(CultureInfo.InvariantCulture, $"{steps} steps"), _options.Profile)),
            ]))
        {
            yield return row;
        }

        foreach (ReorderReportRow row in Table(
            "pool",
            few,
            [
                .. ((int[])[1, 2, 3, 8]).Select(size => Ordered(
                    few, models with { PoolSize = size }, "balanced", string.Create(CultureInfo.InvariantCulture, $"pool of {size}"), _options.Profile)),
            ]))
        {
            yield return row;
        }

        foreach (int candidates in (int[])[11, 20, 50, 100])
        {
            ReorderProtocol own = Few(Prepare(candidates, Math.Min(2, _options.Draws)));
            string of = string.Create(CultureInfo.InvariantCulture, $"{candidates} candidates");
            foreach (ReorderReportRow row in Table(
                of,
                own,
                [
                    Ordered(own, models, "balanced", "model orders", _options.Profile),
                    Ordered(own, models with { Execution = GraphExecution.Rules }, "balanced", "rules", _options.Profile),
                ],
                withBase: true))
            {
                yield return row;
            }
        }
    }

    private ReorderProtocol Few(ReorderProtocol protocol)
    {
        var odd = protocol.Cases.Where(own => own.User % 2 == 1).Take(_options.Sensitivity).ToHashSet();
        return protocol.Part(odd.Contains);
    }

    private List<ReorderReportRow> Table(
        string section, ReorderProtocol protocol, Measured[] rows, bool withBase = false)
    {
        IReadOnlyList<ReorderRow> measured = protocol.Run([.. rows.Select(row => row.Reorderer)], _stop);
        var table = new List<ReorderReportRow>();
        if (withBase)
        {
            table.Add(new ReorderReportRow(section, measured[1]));
        }

        for (int place = 0; place < rows.Length; place++)
        {
            table.Add(new ReorderReportRow(section, measured[place + 3])
            {
                Steps = rows[place].Steps,
                Calls = rows[place].Calls,
                Tokens = rows[place].Tokens,
                Milliseconds = rows[place].Seconds * 1000 / protocol.Cases.Count,
            });
        }

        return table;
    }

    /// <summary>One listwise question about all candidates, half base and half model.</summary>
    private Measured Listwise(ReorderProtocol protocol) => Asked(
        protocol, new LlmRerankerOptions { Strategy = "listwise", History = 10 }, "accuracy", "listwise model", _options.Profile);

    private Measured Ordered(
        ReorderProtocol protocol, GraphOptions graph, string goal, string name, string profile) => Asked(
        protocol, new LlmRerankerOptions { Strategy = "graph", Graph = graph, History = 10 }, goal, name, profile);

    private Measured Asked(
        ReorderProtocol protocol, LlmRerankerOptions options, string goal, string name, string profile)
    {
        using var chat = new SimulatedModel(SimulationProfiles.Named(profile), _options.Seed, _time);
        var reranker = new LlmReranker(options, new ModelConnection("simulated", chat), _prompts, _time);
        var orders = new ConcurrentDictionary<ReorderCase, int[]>();
        long start = _time.GetTimestamp();
        long steps = 0;
        long calls = 0;
        long tokens = 0;
        Parallel.ForEach(
            protocol.Cases,
            new ParallelOptions { CancellationToken = _stop },
            own =>
            {
                Judged judged = Judge(reranker, Request(own, goal));
                float[] scores = judged.Blend(new Blend { Alpha = LlmRerankerOptions.UnlearnedAlpha });
                orders[own] = [.. Enumerable.Range(0, scores.Length).OrderByDescending(place => scores[place]).ThenBy(place => place)];
                Interlocked.Add(ref steps, judged.Walk?.Steps.Count ?? 0);
                Interlocked.Add(ref calls, judged.Report.Calls);
                Interlocked.Add(ref tokens, judged.Report.PromptTokens + judged.Report.OutputTokens);
            });
        double count = protocol.Cases.Count;
        return new Measured(new Reorderer(name, own => orders[own]))
        {
            Seconds = _time.GetElapsedTime(start).TotalSeconds,
            Steps = options.Strategy == "graph" ? steps / count : null,
            Calls = calls / count,
            Tokens = tokens / count,
        };
    }

    // The simulated model answers at once, so nothing waits here.
    private Judged Judge(LlmReranker reranker, RerankRequest request)
    {
        long deadline = _time.GetTimestamp() + (600 * _time.TimestampFrequency);
        var budget = new Budget { Deadline = TimeSpan.FromSeconds(600), Tokens = 1_000_000, MicroDollars = 1_000_000 };
        return reranker.JudgeAsync(request, budget, deadline, _stop).GetAwaiter().GetResult();
    }

    private RerankRequest Request(ReorderCase own, string goal)
    {
        IReadOnlyList<Item> items = _data.Catalog.Items;
        ListTopics topics = own.List.Topics!;
        Dictionary<string, float> taste = own.List.Taste is { } shares
            ? Enumerable.Range(0, shares.Length).ToDictionary(topics.NameOf, topic => shares[topic], StringComparer.Ordinal)
            : [];
        string likes = string.Join(", ", taste.OrderByDescending(share => share.Value).Take(3).Select(share => share.Key));
        return new RerankRequest
        {
            Goal = goal,
            Top = K,
            Profile = likes.Length > 0 ? $"Mostly watched {likes}." : "",
            History = [.. own.History.TakeLast(10).Select(item => new HistoryEntry(items[item].Title, null))],
            Taste = new Dictionary<string, IReadOnlyDictionary<string, float>>(StringComparer.Ordinal) { ["genre"] = taste },
            Candidates =
            [
                .. own.Items.Select((item, place) => new RerankCandidate(items[item].Id, items[item].Title, own.Scores[place])
                {
                    Attributes = items[item].Attributes,
                    Novelty = own.List.Novelty![place],
                }),
            ],
        };
    }

    private (IReadOnlyList<ReorderStep> Steps, string Note) Walk(ReorderProtocol test, Tuned tuned)
    {
        using var chat = new SimulatedModel(SimulationProfiles.Named(_options.Profile), _options.Seed, _time);
        var options = new LlmRerankerOptions
        {
            Strategy = "graph",
            Graph = new GraphOptions { Execution = GraphExecution.Model, Goals = tuned.Goals },
            History = 10,
        };
        var reranker = new LlmReranker(options, new ModelConnection("simulated", chat), _prompts, _time);
        foreach (ReorderCase own in test.Cases)
        {
            GraphWalk walk = Judge(reranker, Request(own, "balanced")).Walk!;
            if (walk.Steps.Count < 3)
            {
                continue;
            }

            var steps = new List<ReorderStep>
            {
                Step("base", [.. Enumerable.Range(0, own.Items.Length)], new Dictionary<string, double>(), walk.Taken < 0),
            };
            steps.AddRange(walk.Steps.Select((step, place) => Step(step.Node, step.Order, step.Values, place == walk.Taken)));
            return (steps, $"User {_data.Users[own.User].Id}, goal '{walk.Goal.Name}', the simulated model orders. {walk.Reason}");

            ReorderStep Step(string name, IReadOnlyList<int> order, IReadOnlyDictionary<string, double> values, bool isTaken) => new(
                name,
                [.. order.Take(K).Select(place => _data.Catalog.Items[own.Items[place]].Title)],
                [.. order.Take(K).Select(place => own.List.Groups![place])],
                values,
                isTaken);
        }

        return ([], "");
    }
}
