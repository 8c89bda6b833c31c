using System.Globalization;
using Palate.Llm;
using Palate.Llm.Tests;

/// <summary>Quality against tokens and depth on a simulated judge, adaptive and its rivals.</summary>
/// <remarks>
/// 100 candidates, the first 10 places count, three noise levels, three qualities of the base ranking. Every method
/// gets the same requests. Shown counts the candidates in all prompts, named those in all replies; the interval is
/// the paired 95 % interval of the difference in NDCG@10 from one pass of RankGPT's sliding window.
/// </remarks>
internal static class StrategyBenchmark
{
    private const int Candidates = 100;

    /// <summary>Runs <c>strategies [--trials N] [--seed S]</c>.</summary>
    public static int Run(string[] args)
    {
        int trials = Option(args, "--trials", 400);
        int first = Option(args, "--seed", 500_000);
        foreach (double correlation in new[] { .3, .6, .8 })
        {
            foreach (double noise in new[] { .3, .7, 1.2 })
            {
                Say($"base correlation {correlation}, noise {noise}, {trials} requests from seed {first}");
                Say($"{"method",-24} {"NDCG@10",8} {"- sliding",18} {"shown",7} {"named",7} {"calls",7} {"depth",7}");
                Measure(correlation, noise, trials, first);
            }
        }

        return 0;
    }

    private static void Measure(double correlation, double noise, int trials, int first)
    {
        var methods = new List<(string Name, Func<JudgeTrial, IReadOnlyList<int>> Rank)>
        {
            ("sliding-window 20/10", trial => trial.SlidingWindows()),
            ("base", trial => new Evidence(trial.BaseScores, 10).Order()),
            ("setwise-heapsort c=3", trial => trial.SetwiseHeapsort()),
        };
        foreach (int shown in new[] { 30, 60, 90, 120, 180 })
        {
            var options = new AdaptiveOptions { Shown = shown, ShownEach = 2 };
            methods.Add((
                string.Create(CultureInfo.InvariantCulture, $"adaptive {shown}"),
                trial => trial.Run(new AdaptiveStrategy(options))));
        }

        foreach (int rounds in new[] { 1, 2 })
        {
            methods.Add((
                string.Create(CultureInfo.InvariantCulture, $"adaptive 120, {rounds} deep"),
                trial => trial.Run(new AdaptiveStrategy(new AdaptiveOptions { Rounds = rounds }))));
        }

        double[] sliding = [];
        foreach ((string name, Func<JudgeTrial, IReadOnlyList<int>> rank) in methods)
        {
            double[] quality = new double[trials];
            double shown = 0;
            double named = 0;
            double calls = 0;
            double depth = 0;
            for (int at = 0; at < trials; at++)
            {
                var trial = new JudgeTrial(Candidates, correlation, noise, first + at);
                quality[at] = trial.Ndcg(rank(trial));
                shown += trial.Shown;
                named += trial.Output;
                calls += trial.Calls;
                depth += trial.Rounds;
            }

            sliding = sliding.Length == 0 ? quality : sliding;
            double[] differences = [.. quality.Zip(sliding, (own, other) => own - other)];
            double mean = differences.Average();
            double half = 1.96 * Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (trials - 1) / trials);
            string against = string.Create(CultureInfo.InvariantCulture, $"{mean:+0.000;-0.000} +- {half:0.000}");
            string spent = string.Create(
                CultureInfo.InvariantCulture,
                $"{shown / trials,7:0.0} {named / trials,7:0.0} {calls / trials,7:0.0} {depth / trials,7:0.0}");
            Say($"{name,-24} {quality.Average(),8:0.000} {against,18} {spent}");
        }
    }

    private static int Option(string[] args, string name, int fallback)
    {
        int place = Array.IndexOf(args, name);
        return place >= 0 && place + 1 < args.Length ? int.Parse(args[place + 1], CultureInfo.InvariantCulture) : fallback;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
