using System.Globalization;
using System.Runtime;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>What a re-ranking costs beside the model's own time: the model answers at once.</summary>
/// <remarks>
/// The full chain of decorators with prices and a ledger in memory, without caches. Each request is a new object, so
/// nothing of its prompts is known beforehand. Everything is warm: requests are made until nothing was compiled during
/// half a second of them, three times in a row. A method is compiled again after 30 calls, once more after 30 with
/// measuring code in it, and not before 100 ms have brought no new one.
/// </remarks>
internal static class OverheadBenchmark
{
    // A strategy of many calls is measured on fewer requests.
    private const int FewestRequests = 200;

    private const int QuietRounds = 3;

    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(500);

    // On a machine that is busy otherwise, compiling in the background may take this long.
    private static readonly TimeSpan LongestWarming = TimeSpan.FromSeconds(30);

    /// <summary>Runs <c>overhead [--candidates N] [--requests N] [--strategy NAME]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int candidates = Arguments.Number(args, "--candidates", 20);
        int requests = Arguments.Number(args, "--requests", 3_000);
        IReadOnlyList<string> strategies = Arguments.Text(args, "--strategy") is { } one ? [one] : Strategies.Names;
        var demo = new DemoJudging(queries: 20);
        Console.WriteLine($"{candidates} candidates, {requests} calls or more, everything but the model's own time");
        Console.WriteLine($"{"strategy",-20} {"calls",6} {"mean ms",8} {"p50 ms",8} {"p90 ms",8} {"p99 ms",8} {"KB/request",11}");
        foreach (string strategy in strategies)
        {
            await MeasureAsync(demo, strategy, candidates, requests);
        }

        await PartsAsync(demo, candidates, requests);
        return 0;
    }

    private static async Task MeasureAsync(DemoJudging demo, string strategy, int candidates, int requests)
    {
        TimeProvider time = TimeProvider.System;
        using var model = new CannedModel(new SimulatedModel());
        var chain = new CallChainOptions
        {
            Spend = new SpendOptions
            {
                Prices = new PriceMap(new Dictionary<string, ModelPrice>
                {
                    [SimulatedModel.ModelName] = new(0.15m, 0.6m, 0.075m),
                }),
                Ledger = new InMemoryLedger(),
            },
        };
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = strategy, Candidates = Math.Max(2, Math.Min(200, candidates)) },
            new ModelConnection("canned", chain.Build(model, time)),
            PromptLibrary.Load(null),
            time);
        var budget = new Budget { Tokens = 10_000_000, MicroDollars = 1_000_000_000 };
        RerankRequest[] asked =
            [.. Enumerable.Range(0, demo.Queries).Select(query => demo.Request(query, candidates, query).Request)];
        await JudgeAsync(0);
        requests = Math.Max(FewestRequests, requests / (int)model.Calls);
        double[] took = new double[requests];
        int warmed = 0;
        await WarmAsync(async () => (await JudgeAsync(warmed++)).Blend(new Blend { Alpha = .5 }), time);
        long calls = model.Calls;
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (int round = 0; round < requests; round++)
        {
            long begun = time.GetTimestamp();
            Judged judged = await JudgeAsync(round);
            float[] scores = judged.Blend(new Blend { Alpha = .5 });
            took[round] = time.GetElapsedTime(begun).TotalMilliseconds;
            if (!judged.Mode.IsFull || scores.Length != candidates)
            {
                throw new InvalidOperationException($"{strategy}: {judged.Mode}, {judged.Mode.Reason}");
            }
        }

        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        calls = model.Calls - calls;
        Array.Sort(took);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{strategy,-20} {(double)calls / requests,6:0.0} {took.Average(),8:0.000} {At(took, .5),8:0.000} {At(took, .9),8:0.000} {At(took, .99),8:0.000} {bytes / 1024.0 / requests,11:0.0}"));

        Task<Judged> JudgeAsync(int round) => reranker.JudgeAsync(
            asked[round % asked.Length] with { Tenant = "" },
            budget,
            time.GetTimestamp() + (10 * time.TimestampFrequency),
            CancellationToken.None);
    }

    private static async Task WarmAsync(Func<Task> ask, TimeProvider time)
    {
        long started = time.GetTimestamp();
        for (int quiet = 0; quiet < QuietRounds && time.GetElapsedTime(started) < LongestWarming;)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            long begun = time.GetTimestamp();
            while (time.GetElapsedTime(begun) < QuietTime)
            {
                await ask();
            }

            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
    }

    // What the pieces cost alone, for one prompt that shows every candidate.
    private static async Task PartsAsync(DemoJudging demo, int candidates, int requests)
    {
        RerankRequest asked = demo.Request(0, candidates, 0).Request;
        var question = new Question(QuestionKind.Order, [.. Enumerable.Range(0, candidates).Reverse()]);
        var grades = new Question(QuestionKind.Grade, [.. Enumerable.Range(0, candidates)]);
        var renderer = new PromptRenderer(PromptLibrary.Load(null).Get("zero-shot"));
        Prompt prompt = renderer.Render(question, asked);
        using var model = new SimulatedModel();
        ParsedReply reply = ReplyParser.Parse(prompt, (await AnswerAsync(model, prompt)).Text);
        Prompt graded = renderer.Render(grades, asked);
        ParsedReply marks = ReplyParser.Parse(graded, (await AnswerAsync(model, graded)).Text);
        string text = (await AnswerAsync(model, prompt)).Text;
        float[] scores = [.. asked.Candidates.Select(candidate => candidate.BaseScore)];
        Part("first prompt", requests, () => renderer.Render(question, asked with { Tenant = "" }));
        Part("next prompt", requests, () => renderer.Render(question, asked));
        Part("parse", requests, () => ReplyParser.Parse(prompt, text));
        Part("order, from an order", requests, () => Evidence(reply).Order());
        Part("order, from grades", requests, () => Evidence(marks).Order());
        Part("settled, of an order", requests, () => Evidence(reply).SettledProbability());
        Part("settled, of grades", requests, () => Evidence(marks).SettledProbability());

        Evidence Evidence(ParsedReply reply)
        {
            var evidence = new Evidence(scores, Math.Clamp(candidates / 2, 1, 10));
            evidence.Add(reply.Judgment!);
            return evidence;
        }
    }

    private static Task<Microsoft.Extensions.AI.ChatResponse> AnswerAsync(SimulatedModel model, Prompt prompt) =>
        model.GetResponseAsync(prompt.Messages);

    private static void Part<T>(string name, int times, Func<T> work)
    {
        double[] took = new double[times];
        long bytes = 0;
        for (int round = -times; round < times; round++)
        {
            bytes = round == 0 ? GC.GetAllocatedBytesForCurrentThread() : bytes;
            long begun = TimeProvider.System.GetTimestamp();
            work();
            if (round >= 0)
            {
                took[round] = TimeProvider.System.GetElapsedTime(begun).TotalMicroseconds;
            }
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Array.Sort(took);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22} p50 {At(took, .5),7:0.0} us, p99 {At(took, .99),7:0.0} us, {bytes / 1024.0 / times,6:0.0} KB"));
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
