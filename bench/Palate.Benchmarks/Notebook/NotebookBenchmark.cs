using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>
/// The benchmark of a published notebook whose own re-ranker never ran: 60 of 140 candidates, 140 ms for a request, 80 ms
/// for a call, 4 % of all replies malformed.
/// </summary>
public sealed class NotebookBenchmark(LlmReranker reranker, NotebookOptions options, TimeProvider time)
{
    private const ulong LearningStream = 1;
    private const ulong MeasuredStream = 2;
    private const ulong WarmingStream = 3;
    private const int WarmingRequests = 5000;
    private const int FullInARow = 20;

    private readonly NotebookWorld _world = NotebookWorld.Generate(options.Seed);
    private readonly QueryRewriter _queries = NotebookRewriting.Queries();
    private readonly ItemRewriter _items = NotebookRewriting.Items();

    /// <summary>Learns the blend weight on some requests, and measures on others.</summary>
    public async Task<NotebookReport> RunAsync(CancellationToken stop = default)
    {
        string[] texts = [.. _world.Items.Select(item => _items.Rewrite(item.Title, item.Text))];
        HashSet<string>[] words = [.. texts.Select(Words)];
        await WarmUpAsync(texts, stop);
        var learning = new List<TrustSample>();
        foreach (NotebookRequest request in _world.Requests(options.LearningRequests, LearningStream))
        {
            Judged judged = await JudgeAsync(request, texts, stop);
            if (judged.HasJudgments)
            {
                learning.Add(new TrustSample(
                    [.. request.BaseScores.Take(options.Judged)],
                    [.. judged.Evidence.Utilities.Select(utility => (float)utility)],
                    [.. Enumerable.Range(0, options.Judged).Select(place => Grade(request, words, place))]));
            }
        }

        Blend blend = Trust.Fit(learning, new TrustOptions { Top = options.Top }, stop).BlendOf("");
        var tally = new Tally(options);
        foreach (NotebookRequest request in _world.Requests(options.Requests, MeasuredStream))
        {
            long start = time.GetTimestamp();
            Judged judged = await JudgeAsync(request, texts, stop);
            float[] final = judged.Blend(blend);
            int[] order =
            [
                .. Enumerable.Range(0, final.Length).OrderByDescending(place => final[place]).ThenBy(place => place),
                .. Enumerable.Range(final.Length, request.Candidates.Count - final.Length),
            ];
            tally.Add(judged, time.GetElapsedTime(start), order, place => Grade(request, words, place));
        }

        return tally.Report(blend.Alpha);
    }

    // A service that has just started compiles its code while it answers; that is not what is measured.
    private async Task WarmUpAsync(string[] texts, CancellationToken stop)
    {
        int inARow = 0;
        foreach (NotebookRequest request in _world.Requests(WarmingRequests, WarmingStream))
        {
            Judged judged = await JudgeAsync(request, texts, stop);
            inARow = judged.Mode.IsFull ? inARow + 1 : 0;
            if (inARow == FullInARow)
            {
                return;
            }
        }
    }

    private Task<Judged> JudgeAsync(
        NotebookRequest request, string[] texts, CancellationToken stop)
    {
        var asked = new RerankRequest
        {
            Query = _queries.Rewrite(request.Query),
            Candidates =
            [
                .. Enumerable.Range(0, options.Judged).Select(place => new RerankCandidate(
                    _world.Items[request.Candidates[place]].Id,
                    texts[request.Candidates[place]],
                    request.BaseScores[place])),
            ],
            Top = options.Top,
            Pipeline = "notebook",
        };
        var budget = new Budget { Deadline = options.Deadline, Tokens = 1_000_000, MicroDollars = 1_000_000 };
        long deadline = time.GetTimestamp() + (long)(options.Deadline.TotalSeconds * time.TimestampFrequency);
        return reranker.JudgeAsync(asked, budget, deadline, stop);
    }

    private static float Grade(NotebookRequest request, HashSet<string>[] words, int place) =>
        NotebookWorld.IsClicked(request.Intent, words[request.Candidates[place]], request.BaseScores[place]) ? 1 : 0;

    private static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split([' ', '.', '-'], StringSplitOptions.RemoveEmptyEntries)];

    private sealed class Tally(NotebookOptions options)
    {
        private readonly List<double> _base = [];
        private readonly List<double> _reranked = [];
        private readonly List<double> _full = [];
        private readonly List<double> _milliseconds = [];
        private readonly Dictionary<string, int> _modes = new(StringComparer.Ordinal);
        private readonly Dictionary<ReplyClass, int> _replies = [];
        private readonly Dictionary<ModelCallFailure, int> _failures = [];
        private int _calls;
        private int _late;

        public void Add(Judged judged, TimeSpan took, int[] order, Func<int, float> grade)
        {
            int k = options.Top;
            float[] before = [.. Enumerable.Range(0, order.Length).Select(grade)];
            float[] after = [.. order.Select(grade)];
            _base.Add(AsTheNotebook(before, k));
            _reranked.Add(AsTheNotebook(after, k));
            float[] ideal = [.. before.Where(one => one > 0)];
            _full.Add(ideal.Length == 0
                ? 0
                : RankingMetrics.Ndcg(after, ideal, k) - RankingMetrics.Ndcg(before, ideal, k));
            _milliseconds.Add(took.TotalMilliseconds);
            _late += took > options.Deadline ? 1 : 0;
            _calls += judged.Report.Calls;
            _modes[judged.Mode.Name] = _modes.GetValueOrDefault(judged.Mode.Name) + 1;
            Sum(_replies, judged.Report.Replies);
            Sum(_failures, judged.Report.Failures);
        }

        public NotebookReport Report(double alpha)
        {
            double[] gains = [.. _reranked.Zip(_base, (after, before) => after - before)];
            double[] sorted = [.. _milliseconds.Order()];
            return new NotebookReport
            {
                Requests = options.Requests,
                BaseNdcg = _base.Average(),
                Ndcg = _reranked.Average(),
                GainInterval = MetricInterval.OfMean(gains, options.Seed),
                FullIdealGain = _full.Average(),
                Alpha = alpha,
                Modes = _modes,
                OverDeadline = _late,
                Milliseconds = [At(sorted, .5), At(sorted, .95), At(sorted, .99), sorted[^1]],
                Calls = _calls,
                Replies = _replies,
                Failures = _failures,
            };
        }

        // The notebook's ideal is the same ten items in their best order, so it sees only how they are ordered.
        private static double AsTheNotebook(float[] grades, int k)
        {
            float[] ideal = [.. grades.Take(k).Where(grade => grade > 0)];
            return ideal.Length == 0 ? 0 : RankingMetrics.Ndcg(grades, ideal, k);
        }

        private static double At(double[] sorted, double share) =>
            sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];

        private static void Sum<T>(Dictionary<T, int> sum, IReadOnlyDictionary<T, int> more)
            where T : notnull
        {
            foreach ((T key, int count) in more)
            {
                sum[key] = sum.GetValueOrDefault(key) + count;
            }
        }
    }
}
