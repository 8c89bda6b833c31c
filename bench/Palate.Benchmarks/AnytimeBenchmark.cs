using System.Globalization;
using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>Quality against the deadline, on the demo world's queries and a simulated model that takes its time.</summary>
/// <remarks>
/// The real clock. The model takes 4 ms and .05 ms for each token of the prompt, which is what a small model on a machine
/// of one's own takes. Intervals are paired bootstraps over the queries, 95 %.
/// </remarks>
internal static class AnytimeBenchmark
{
    private static readonly int[] Deadlines = [0, 5, 10, 20, 40, 80, 160, 320];
    private static readonly string[] Names = ["adaptive", "pointwise-batched", "listwise"];

    /// <summary>Runs <c>anytime [--queries N] [--candidates N] [--strategy NAME] [--alpha PERCENT]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int queries = Arguments.Number(args, "--queries", 200);
        int candidates = Arguments.Number(args, "--candidates", 50);
        double alpha = Arguments.Number(args, "--alpha", (int)(100 * LlmRerankerOptions.UnlearnedAlpha)) / 100.0;
        var demo = new DemoJudging(items: 4_000, queries: queries);
        Console.WriteLine($"{queries} queries of the demo world, {candidates} candidates by text search");
        bool isLaw = true;
        foreach (string strategy in Arguments.Text(args, "--strategy") is { } one ? [one] : Names)
        {
            isLaw &= await MeasureAsync(demo, strategy, queries, candidates, alpha);
        }

        Console.WriteLine(isLaw ? "never falls as time grows, within its interval" : "FALLS as time grows");
        return isLaw ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(
        DemoJudging demo, string strategy, int queries, int candidates, double alpha)
    {
        TimeProvider time = TimeProvider.System;
        using var model = new SimulatedModel(SimulationProfiles.Named("good") with
        {
            Latency = new SimulationLatency
            {
                Fixed = TimeSpan.FromMilliseconds(4),
                PerInputToken = TimeSpan.FromMilliseconds(.05),
                Jitter = TimeSpan.FromMilliseconds(1),
            },
        });
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = strategy, Candidates = candidates },
            new ModelConnection("simulated", new CallChainOptions().Build(model, time)),
            PromptLibrary.Load(null),
            time);
        Console.WriteLine(
            $"{strategy,-18} {"NDCG@10",8} {"- base",24} {"- deadline before",24} {"full",5} {"part",5} {"base",5} {"calls",6} {"p99 ms",7}");

        // The model's speed is learned before anything is measured, and everything is compiled.
        for (int query = 0; query < Math.Min(60, queries); query++)
        {
            await AskAsync(reranker, demo, query, candidates, 400, alpha, time);
        }

        double[]? floor = null;
        double[]? last = null;
        bool isLaw = true;
        foreach (int deadline in Deadlines)
        {
            double[] quality = new double[queries];
            double[] took = new double[queries];
            var modes = new Dictionary<string, int> { ["full"] = 0, ["partial"] = 0, ["base"] = 0 };
            int calls = 0;
            for (int query = 0; query < queries; query++)
            {
                (quality[query], took[query], Judged judged) =
                    await AskAsync(reranker, demo, query, candidates, deadline, alpha, time);
                modes[judged.Mode]++;
                calls += judged.Report.Calls;
            }

            floor ??= quality;
            (string overBase, _) = Difference(quality, floor);
            (string overLast, double high) = Difference(quality, last ?? quality);
            isLaw &= high >= 0;
            Array.Sort(took);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{deadline,15} ms {quality.Average(),8:0.000} {overBase,24} {overLast,24} {modes["full"],5} {modes["partial"],5} {modes["base"],5} {(double)calls / queries,6:0.0} {took[(int)(.99 * (queries - 1))],7:0.0}"));
            last = quality;
        }

        return isLaw;
    }

    private static async Task<(double Quality, double Milliseconds, Judged Judged)> AskAsync(
        LlmReranker reranker, DemoJudging demo, int query, int candidates, int deadline, double alpha, TimeProvider time)
    {
        (RerankRequest request, float[] grades, float[] ideal) = demo.Request(query, candidates);
        var budget = new Budget { Deadline = TimeSpan.FromMilliseconds(deadline), Tokens = 100_000, MicroDollars = 100_000 };
        long begun = time.GetTimestamp();
        Judged judged = await reranker.JudgeAsync(
            request, budget, begun + (deadline * time.TimestampFrequency / 1000), CancellationToken.None);
        float[] final = judged.Blend(new Blend { Alpha = alpha });
        double took = time.GetElapsedTime(begun).TotalMilliseconds;
        float[] ranked =
        [
            .. Enumerable.Range(0, final.Length).OrderByDescending(place => final[place]).ThenBy(place => place)
                .Select(place => grades[place]),
        ];
        return (RankingMetrics.Ndcg(ranked, [.. ideal.OrderDescending()], 10, Gain.Exponential), took, judged);
    }

    private static (string Text, double High) Difference(double[] quality, double[] other)
    {
        double[] differences = [.. quality.Zip(other, (own, that) => own - that)];
        MetricInterval interval = MetricInterval.OfMean(differences, 1);
        return (
            string.Create(
                CultureInfo.InvariantCulture,
                $"{differences.Average():+0.000;-0.000} [{interval.Low:+0.000;-0.000}, {interval.High:+0.000;-0.000}]"),
            interval.High);
    }
}
