using System.Globalization;
using Palate.Llm;
using Palate.Llm.Tests;

namespace Palate.Benchmarks;

/// <summary>Quality against tokens and depth on a simulated judge, adaptive and its rivals.</summary>
/// <remarks>
/// 100 candidates, the first 10 places count, three noise levels, three qualities of the base ranking. Every method gets
/// the same requests; intervals are paired, 95 %, of the difference in NDCG@10 from one pass of RankGPT's sliding window.
/// Tokens are what prompts and replies of the demo world take on average, for all methods alike.
/// </remarks>
internal static class StrategyBenchmark
{
    private const int Candidates = 100;

    // Measured on the demo world with the template zero-shot: a call without its candidates, a candidate, one shown
    // briefly, a name in an order, a grade.
    private const double CallTokens = 231;
    private const double ItemTokens = 62;
    private const double BriefTokens = 28;
    private const double NameTokens = 4.35;
    private const double GradeTokens = 9;

    private static readonly string[] Others =
    [
        "listwise", "self-consistency", "blocks", "tourrank", "first-token", "pointwise", "pointwise-batched",
        "setwise-insertion", "pairwise-heapsort",
    ];

    /// <summary>
    /// Runs <c>strategies [--trials N] [--seed S] [--brief-noise PERCENT] [--all yes]</c>; all strategies take long.
    /// </summary>
    public static int Run(string[] args)
    {
        int trials = Arguments.Number(args, "--trials", 100);
        int first = Arguments.Number(args, "--seed", 900_000);
        double briefNoise = Arguments.Number(args, "--brief-noise", 100) / 100.0;
        bool isWhole = Arguments.Text(args, "--all") == "yes";
        foreach (double correlation in new[] { .3, .6, .8 })
        {
            foreach (double noise in new[] { .3, .7, 1.2 })
            {
                Say($"base correlation {correlation}, noise {noise}, {trials} requests from seed {first}");
                Say($"{"method",-20} {"NDCG@10",8} {"- sliding",24} {"tokens",7} {"of sliding",10} {"prompt",7} {"shown",7} {"named",7} {"calls",7} {"depth",7}");
                StrategyPoint? sliding = null;
                foreach (StrategyPoint point in Measure(correlation, noise, trials, first, briefNoise, isWhole))
                {
                    sliding ??= point;
                    Say($"{point.Method,-20} {point.Ndcg,8:0.000} {point.OverSliding,24} {point.Tokens,7:0} {point.Tokens / sliding.Tokens,10:0.00} {point.PromptTokens / sliding.PromptTokens,7:0.00} {point.Shown,7:0.0} {point.Named,7:0.0} {point.Calls,7:0.0} {point.Depth,7:0.0}");
                }
            }
        }

        return 0;
    }

    /// <summary>RankGPT's window first, then the others.</summary>
    public static IEnumerable<StrategyPoint> Measure(
        double correlation, double noise, int trials, int first, double briefNoise, bool isWhole)
    {
        var methods = new List<(string Name, Func<JudgeTrial, IReadOnlyList<int>> Rank)>
        {
            ("rankgpt", trial => trial.SlidingWindows()),
            ("base", trial => new Evidence(trial.BaseScores, 10).Order()),
            ("setwise-heapsort", trial => trial.SetwiseHeapsort()),
        };
        foreach (int shown in new[] { 60, 90, 120, 180 })
        {
            foreach (bool isBrief in new[] { false, true })
            {
                var options = new AdaptiveOptions { Shown = shown, ShownEach = 2, Brief = isBrief };
                methods.Add((
                    string.Create(CultureInfo.InvariantCulture, $"adaptive{(isBrief ? "-brief" : "")} {shown}"),
                    trial => trial.Run(new AdaptiveStrategy(options))));
            }
        }

        foreach (string name in isWhole ? Others : [])
        {
            methods.Add((name, trial => trial.Run(Strategies.Create(name))));
        }

        double[] sliding = [];
        foreach ((string name, Func<JudgeTrial, IReadOnlyList<int>> rank) in methods)
        {
            double[] quality = new double[trials];
            var sum = new JudgeTrial[trials];
            for (int at = 0; at < trials; at++)
            {
                sum[at] = new JudgeTrial(Candidates, correlation, noise, first + at) { BriefNoise = briefNoise };
                quality[at] = sum[at].Ndcg(rank(sum[at]));
            }

            sliding = sliding.Length == 0 ? quality : sliding;
            double whole = sum.Average(trial => trial.Shown - trial.ShownBriefly);
            double prompt = (whole * ItemTokens) + (sum.Average(trial => trial.ShownBriefly) * BriefTokens)
                + (sum.Average(trial => trial.Calls) * CallTokens);
            yield return new StrategyPoint(
                name,
                quality.Average(),
                PairedDifference.Of(quality, sliding),
                prompt + sum.Average(trial => (trial.Output * NameTokens) + (trial.Graded * GradeTokens)),
                prompt,
                sum.Average(trial => trial.Shown),
                sum.Average(trial => trial.Output + trial.Graded),
                sum.Average(trial => trial.Calls),
                sum.Average(trial => trial.Rounds));
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
