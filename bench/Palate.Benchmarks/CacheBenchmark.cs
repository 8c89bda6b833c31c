using System.Globalization;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>What the caches save on a day of the demo shop's traffic.</summary>
/// <remarks>
/// Queries and users come by Zipf's law (the n-th as often as 1/n); half of the visitors have no history. Each request has
/// its query's best candidates, of which in three out of ten requests a few have been replaced since. Pure replay: no
/// latency, and the simulated model's own count of tokens.
/// </remarks>
internal static class CacheBenchmark
{
    private static readonly string[] Names = ["pointwise-batched", "listwise"];

    /// <summary>Runs <c>cache [--requests N] [--candidates N] [--strategies A,B]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int requests = Arguments.Number(args, "--requests", 2_000);
        int candidates = Arguments.Number(args, "--candidates", 20);
        var demo = new DemoJudging();
        RerankRequest[] day = Day(demo, requests, candidates);
        Console.WriteLine($"{requests} requests of {candidates} candidates");
        Console.WriteLine(
            $"{"strategy",-20} {"caches",-18} {"calls",6} {"prompt",9} {"output",8} {"tokens saved",13} {"known grades",13}");
        foreach (string strategy in Arguments.Names(args, "--strategies", Names))
        {
            long without = await MeasureAsync(day, strategy, "none", 0);
            await MeasureAsync(day, strategy, "replies", without);
            await MeasureAsync(day, strategy, "grades", without);
            await MeasureAsync(day, strategy, "replies and grades", without);
        }

        return 0;
    }

    private static async Task<long> MeasureAsync(RerankRequest[] day, string strategy, string caches, long without)
    {
        TimeProvider time = TimeProvider.System;
        var options = new CacheOptions { Entries = 200_000 };
        var ledger = new InMemoryLedger();
        using var model = new SimulatedModel();
        var chain = new CallChainOptions
        {
            Cache = caches.StartsWith("replies", StringComparison.Ordinal) ? new ReplyCache(options, time) : null,
            Spend = new SpendOptions { Prices = PriceMap.Empty, Ledger = ledger, Unknown = UnknownPrice.CountAsUnpriced },
        };
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = strategy },
            new ModelConnection("simulated", chain.Build(model, time))
            {
                Grades = caches.EndsWith("grades", StringComparison.Ordinal) ? new GradeCache(options, time) : null,
            },
            PromptLibrary.Load(null),
            time);
        var budget = new Budget { Tokens = 1_000_000, MicroDollars = 1_000_000 };
        long known = 0;
        foreach (RerankRequest request in day)
        {
            Judged judged = await reranker.JudgeAsync(
                request, budget, time.GetTimestamp() + (60 * time.TimestampFrequency), CancellationToken.None);
            known += judged.Report.KnownGrades;
        }

        // The ledger has what was billed; a reply out of the cache is not.
        LedgerTotal[] totals = [.. ledger.Report(new LedgerQuery())];
        long prompt = totals.Sum(total => total.Usage.InputTokens);
        long output = totals.Sum(total => total.Usage.OutputTokens);
        string saved = without == 0
            ? "-"
            : (1 - ((double)(prompt + output) / without)).ToString("P1", CultureInfo.InvariantCulture);
        double share = (double)known / day.Sum(request => request.Candidates.Count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{strategy,-20} {caches,-18} {totals.Sum(total => total.Calls),6} {prompt,9} {output,8} {saved,13} {share,13:P1}"));
        return prompt + output;
    }

    private static RerankRequest[] Day(DemoJudging demo, int requests, int candidates)
    {
        var random = new Random(7);
        var day = new RerankRequest[requests];
        for (int at = 0; at < requests; at++)
        {
            int query = Zipf(random, demo.Queries);
            int user = random.Next(2) == 0 ? -1 : Zipf(random, 500);
            RerankRequest wide = demo.Request(query, candidates + 5, user).Request;
            var shown = wide.Candidates.Take(candidates).ToList();
            for (int change = random.Next(10) < 3 ? 1 + random.Next(4) : 0; change > 0; change--)
            {
                shown.RemoveAt(random.Next(shown.Count));
                shown.Add(wide.Candidates[candidates + change]);
            }

            day[at] = wide with { Candidates = shown };
        }

        return day;
    }

    private static int Zipf(Random random, int count)
    {
        // The inverse of the continuous law: 1 to count with density 1 / x.
        double place = Math.Exp(random.NextDouble() * Math.Log(count + 1));
        return Math.Min(count, (int)place) - 1;
    }
}
