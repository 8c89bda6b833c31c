using System.Globalization;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>Quality against the deadline, on the demo world's queries and a simulated model that takes its time.</summary>
/// <remarks>
/// The model takes 4 ms and .05 ms for each token of the prompt, which is what a small model on a machine of one's own
/// takes. What it counts and whether it is asked is learned on the queries with odd numbers, at the longest deadline; those
/// with even numbers report. Intervals are paired bootstraps over these, 95 %. The clock stands still while anything
/// computes, unless <c>--clock real</c> is given.
/// </remarks>
internal static class AnytimeBenchmark
{
    private static readonly int[] Deadlines = [0, 5, 10, 20, 40, 80, 160, 320];

    /// <summary>
    /// Runs <c>anytime [--queries N] [--candidates N] [--strategies A,B] [--base text|popular] [--profile P]
    /// [--alpha PERCENT] [--clock manual|real]</c>.
    /// </summary>
    public static int Run(string[] args)
    {
        int queries = Arguments.Number(args, "--queries", 400);
        int candidates = Arguments.Number(args, "--candidates", 50);
        int alpha = Arguments.Number(args, "--alpha", -1);
        bool isPopular = Arguments.Text(args, "--base") == "popular";
        bool isReal = Arguments.Text(args, "--clock") == "real";
        SimulationProfile profile = SimulationProfiles.Named(Arguments.Text(args, "--profile") ?? "good");
        var demo = new DemoJudging(items: 4_000, queries: queries, isPopular ? 2_000 : 200, isPopular);
        Console.WriteLine(
            $"{queries / 2} queries of the demo world, {candidates} candidates by text search, base order by "
            + $"{(isPopular ? "popularity" : "text search")}, {(isReal ? "real" : "manual")} clock, model {profile.Name}");
        bool isLaw = true;
        foreach (string strategy in Arguments.Names(args, "--strategies", Strategies.Names))
        {
            using var measure = new Measure(demo, strategy, profile, candidates, isReal);
            if (alpha < 0)
            {
                measure.Learn();
            }
            else
            {
                measure.Trust(alpha / 100.0);
            }

            List<AnytimePoint> curve = measure.Curve(Deadlines);
            Say(curve, measure.Learned);
            isLaw &= curve.All(point => point.Step.Interval.High >= 0) && curve[0].OverBase.Mean == 0;
        }

        Console.WriteLine(isLaw ? "never falls as time grows, within its interval, and meets the base at 0" : "FALLS as time grows");
        return isLaw ? 0 : 1;
    }

    /// <summary>The curves of strategies, with learned trust, on the manual clock.</summary>
    public static IReadOnlyList<IReadOnlyList<AnytimePoint>> Curves(
        string[] strategies, int queries, int candidates, bool isPopular)
    {
        var demo = new DemoJudging(items: 4_000, queries: queries, isPopular ? 2_000 : 200, isPopular);
        var curves = new List<IReadOnlyList<AnytimePoint>>();
        foreach (string strategy in strategies)
        {
            using var measure = new Measure(demo, strategy, SimulationProfiles.Named("good"), candidates, isReal: false);
            measure.Learn();
            curves.Add(measure.Curve(Deadlines));
        }

        return curves;
    }

    private static void Say(List<AnytimePoint> curve, string learned)
    {
        Console.WriteLine($"{curve[0].Strategy}: {learned}");
        Console.WriteLine(
            $"{"deadline",18} {"NDCG@10",8} {"- base",24} {"- deadline before",24} {"full",5} {"part",5} {"rules",5} {"base",5} {"calls",6} {"max ms",7}");
        foreach (AnytimePoint point in curve)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{point.Deadline,15} ms {point.Ndcg,8:0.000} {point.OverBase,24} {point.Step,24} {point.Full,5} {point.Partial,5} {point.Rules,5} {point.Base,5} {point.Calls,6:0.0} {point.MaxMilliseconds,7:0.0}"));
        }
    }

    /// <summary>One strategy with what was learned of it.</summary>
    private sealed class Measure : IDisposable
    {
        private const int LongestDeadline = 320;

        private readonly DemoJudging _demo;
        private readonly string _strategy;
        private readonly int _candidates;
        private readonly SimulatedModel _model;
        private readonly EventClock? _clock;
        private readonly TimeProvider _time;
        private readonly LlmReranker _reranker;
        private Blend _blend = Blend.BaseOnly;
        private AskRule _ask = AskRule.Always;

        public Measure(DemoJudging demo, string strategy, SimulationProfile profile, int candidates, bool isReal)
        {
            _demo = demo;
            _strategy = strategy;
            _candidates = candidates;
            _clock = isReal ? null : new EventClock();
            _time = _clock?.Time ?? TimeProvider.System;
            _model = new SimulatedModel(
                profile with
                {
                    Latency = new SimulationLatency
                    {
                        Fixed = TimeSpan.FromMilliseconds(4),
                        PerInputToken = TimeSpan.FromMilliseconds(.05),
                        Jitter = TimeSpan.FromMilliseconds(1),
                    },
                },
                time: _time);
            _reranker = new LlmReranker(
                new LlmRerankerOptions { Strategy = strategy, Candidates = candidates },
                new ModelConnection("simulated", new CallChainOptions { Limits = null, ShareEqualCalls = false }.Build(_model, _time)),
                PromptLibrary.Load(null),
                _time);

            // The model's speed is learned before anything is measured, and everything is compiled.
            for (int query = 1; query < Math.Min(120, demo.Queries); query += 2)
            {
                Ask(query, LongestDeadline + 80);
            }
        }

        public string Learned { get; private set; } = "";

        public void Learn()
        {
            var samples = new List<TrustSample>();
            var features = new List<AskFeatures>();
            for (int query = 1; query < _demo.Queries; query += 2)
            {
                (Judged judged, float[] grades, _, AskFeatures asked, _) = Ask(query, LongestDeadline);
                var sample = new TrustSample(
                    judged.Evidence.BaseScores.ToArray(),
                    judged.HasJudgments ? [.. judged.Evidence.Utilities.Select(utility => (float)utility)] : [],
                    grades);
                if (sample.IsTelling)
                {
                    samples.Add(sample);
                    features.Add(asked);
                }
            }

            var trust = Palate.Trust.Fit(samples);
            _blend = trust.BlendOf("");
            _ask = AskRule.Fit(
            [
                .. samples.Zip(features, (sample, asked) =>
                    new AskSample(asked, sample.Ndcg(_blend, 10) - sample.Ndcg(Blend.BaseOnly, 10))),
            ]);
            Learned = string.Create(
                CultureInfo.InvariantCulture,
                $"learned of {samples.Count} queries: alpha {trust.Whole.Alpha:0.00} [{trust.Whole.AlphaInterval.Low:0.00}, {trust.Whole.AlphaInterval.High:0.00}], gain {trust.Whole.Gain:+0.000;-0.000;0} [{trust.Whole.GainInterval.Low:+0.000;-0.000;0}, {trust.Whole.GainInterval.High:+0.000;-0.000;0}], {_ask.Savings.Skipped:P0} not asked");
        }

        public void Trust(double alpha)
        {
            _blend = new Blend { Alpha = alpha };
            Learned = string.Create(CultureInfo.InvariantCulture, $"not learned: alpha {alpha:0.00}");
        }

        public List<AnytimePoint> Curve(int[] deadlines)
        {
            var points = new List<AnytimePoint>();
            double[] floor = [.. Reporting().Select(Floor)];
            double[]? last = null;
            foreach (int deadline in deadlines)
            {
                Settle(deadline);
                var quality = new List<double>();
                var modes = new Dictionary<string, int> { ["full"] = 0, ["partial"] = 0, ["cascade:rules"] = 0, ["base"] = 0 };
                int calls = 0;
                double longest = 0;
                foreach (int query in Reporting())
                {
                    (double ndcg, string mode, int made, double took) = Answer(query, deadline);
                    quality.Add(ndcg);
                    modes[mode]++;
                    calls += made;
                    longest = Math.Max(longest, took);
                }

                double[] now = [.. quality];
                points.Add(new AnytimePoint(_strategy, deadline, now.Average())
                {
                    OverBase = PairedDifference.Of(now, floor),
                    Step = PairedDifference.Of(now, last ?? now),
                    Full = modes["full"],
                    Partial = modes["partial"],
                    Rules = modes["cascade:rules"],
                    Base = modes["base"],
                    Calls = (double)calls / now.Length,
                    MaxMilliseconds = longest,
                });
                last = now;
            }

            return points;
        }

        public void Dispose()
        {
            _model.Dispose();
            _clock?.Dispose();
        }

        private IEnumerable<int> Reporting() =>
            Enumerable.Range(0, (_demo.Queries + 1) / 2).Select(place => 2 * place);

        // Every deadline is measured as if it were the only one: what others left behind has gone.
        private void Settle(int deadline)
        {
            _clock?.Pass(TimeSpan.FromMinutes(5));
            for (int query = 1; query < Math.Min(40, _demo.Queries); query += 2)
            {
                Answer(query, deadline);
            }
        }

        private double Floor(int query)
        {
            (RerankRequest request, float[] grades, float[] ideal) = _demo.Request(query, _candidates);
            return Ndcg([.. request.Candidates.Select(candidate => candidate.BaseScore)], grades, ideal);
        }

        // As a pipeline does: where the model would not be followed, or is not worth its price, it is not asked.
        private (double Ndcg, string Mode, int Calls, double Took) Answer(int query, int deadline)
        {
            (RerankRequest request, float[] grades, float[] ideal) = _demo.Request(query, _candidates);
            if (_blend.Alpha >= 1 || !_ask.Asks(Features(request)))
            {
                return (Floor(query), "base", 0, 0);
            }

            (Judged judged, _, _, _, double took) = Ask(query, deadline);
            return (Ndcg(judged.Blend(_blend), grades, ideal), judged.Mode.Name, judged.Report.Calls, took);
        }

        private (Judged Judged, float[] Grades, float[] Ideal, AskFeatures Features, double Took) Ask(int query, int deadline)
        {
            (RerankRequest request, float[] grades, float[] ideal) = _demo.Request(query, _candidates);

            // Requests do not follow on one another's heels: a breaker that one of them opened has its time to close.
            _clock?.Pass(TimeSpan.FromSeconds(1));
            var budget = new Budget { Deadline = TimeSpan.FromMilliseconds(deadline), Tokens = 1_000_000, MicroDollars = 1_000_000 };
            long begun = _time.GetTimestamp();
            Func<Task<Judged>> ask = () => _reranker.JudgeAsync(
                request, budget, begun + (deadline * _time.TimestampFrequency / 1000), CancellationToken.None);
            Judged judged = _clock is null ? ask().GetAwaiter().GetResult() : _clock.Run(ask);
            return (judged, grades, ideal, Features(request), _time.GetElapsedTime(begun).TotalMilliseconds);
        }

        private static AskFeatures Features(RerankRequest request) => AskFeatures.Of(
            [.. request.Candidates.Select(candidate => candidate.BaseScore)], request.Top, 0, request.Query);

        private static double Ndcg(float[] scores, float[] grades, float[] ideal)
        {
            float[] ranked =
            [
                .. Enumerable.Range(0, scores.Length).OrderByDescending(place => scores[place]).ThenBy(place => place)
                    .Select(place => grades[place]),
            ];
            return RankingMetrics.Ndcg(ranked, [.. ideal.OrderDescending()], 10, Gain.Exponential);
        }
    }
}
