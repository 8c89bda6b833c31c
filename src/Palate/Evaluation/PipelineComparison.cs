namespace Palate;

/// <summary>Pipelines on the same requests: quality with paired intervals, and what it took.</summary>
/// <param name="Requests">How many requests counted: those that have something to find.</param>
/// <param name="Cutoff">The k of NDCG@k.</param>
/// <param name="Rows">One row per pipeline; gains are against the first.</param>
public sealed record PipelineComparison(int Requests, int Cutoff, IReadOnlyList<PipelineRow> Rows)
{
    /// <summary>Asks every pipeline every request, one after the other.</summary>
    /// <param name="ask">Answers a request, for example <see cref="Recommender.RecommendAsync"/>.</param>
    /// <param name="pipelines">Their names; the first is what the others are compared with.</param>
    /// <param name="requests">The requests with their grades; those without a grade above 0 are left out.</param>
    /// <param name="cutoff">The k of NDCG@k.</param>
    /// <param name="seed">Fixes the draws of the intervals.</param>
    /// <param name="stop">Cancels.</param>
    public static async Task<PipelineComparison> RunAsync(
        Func<RecommendRequest, CancellationToken, ValueTask<Recommendation>> ask,
        IReadOnlyList<string> pipelines,
        IReadOnlyList<GradedRequest> requests,
        int cutoff = 10,
        ulong seed = 1,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(pipelines);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        GradedRequest[] counted = [.. requests.Where(request => request.Grades.Values.Any(grade => grade > 0))];
        var tallies = pipelines.Select(name => new Tallied(name, counted.Length)).ToArray();
        foreach ((int number, GradedRequest request) in counted.Index())
        {
            foreach (Tallied tally in tallies)
            {
                RecommendRequest asked = request.Request with { Pipeline = tally.Name, Count = cutoff };
                tally.Add(number, await ask(asked, stop), request.Grades, cutoff);
            }
        }

        return new PipelineComparison(counted.Length, cutoff, RowsOf(tallies, seed, stop));
    }

    private static PipelineRow[] RowsOf(Tallied[] tallies, ulong seed, CancellationToken stop)
    {
        double[][] series =
        [
            .. tallies.Select(tally => tally.Values),
            .. tallies.Select(tally => tally.Values.Zip(tallies[0].Values, (own, first) => own - first).ToArray()),
        ];
        (MetricInterval Interval, double PValue)[] drawn =
            PairedBootstrap.Run(series, 2000, seed, Environment.ProcessorCount, stop);
        return
        [
            .. tallies.Select((tally, place) => tally.Row(
                drawn[place].Interval, series[tallies.Length + place].DefaultIfEmpty(double.NaN).Average(),
                drawn[tallies.Length + place].Interval)),
        ];
    }

    private sealed class Tallied(string name, int requests)
    {
        private readonly Dictionary<string, int> _modes = new(StringComparer.Ordinal);
        private readonly List<double> _milliseconds = [];
        private RerankUsage _sum = new();

        public string Name => name;

        public double[] Values { get; } = new double[requests];

        public void Add(int number, Recommendation answer, IReadOnlyDictionary<string, int> grades, int cutoff)
        {
            float[] ranked = [.. answer.Items.Select(item => (float)grades.GetValueOrDefault(item.ItemId))];
            float[] ideal = [.. grades.Values.Where(grade => grade > 0).OrderDescending().Select(grade => (float)grade)];
            Values[number] = RankingMetrics.Ndcg(ranked, ideal, cutoff, Gain.Exponential);
            _modes[answer.Mode.Name] = _modes.GetValueOrDefault(answer.Mode.Name) + 1;
            _milliseconds.Add(answer.Timings.Sum(stage => stage.Milliseconds));
            Count(answer.Rewriting?.Usage);
            Count(answer.Usage);
        }

        private void Count(RerankUsage? usage)
        {
            if (usage is not null)
            {
                _sum = _sum with
                {
                    Rounds = _sum.Rounds + usage.Rounds,
                    Calls = _sum.Calls + usage.Calls,
                    CacheHits = _sum.CacheHits + usage.CacheHits,
                    PromptTokens = _sum.PromptTokens + usage.PromptTokens,
                    CachedTokens = _sum.CachedTokens + usage.CachedTokens,
                    OutputTokens = _sum.OutputTokens + usage.OutputTokens,
                    MicroDollars = _sum.MicroDollars + usage.MicroDollars,
                };
            }
        }

        public PipelineRow Row(MetricInterval interval, double gain, MetricInterval gainInterval) => new()
        {
            Pipeline = name,
            Ndcg = Values.DefaultIfEmpty(double.NaN).Average(),
            NdcgInterval = interval,
            Gain = gain,
            GainInterval = gainInterval,
            Modes = _modes,
            Rounds = _sum.Rounds,
            Calls = _sum.Calls,
            CacheHits = _sum.CacheHits,
            PromptTokens = _sum.PromptTokens,
            CachedTokens = _sum.CachedTokens,
            OutputTokens = _sum.OutputTokens,
            Dollars = _sum.MicroDollars / 1_000_000m,
            P50Milliseconds = Quantile(0.5),
            P99Milliseconds = Quantile(0.99),
            Values = Values,
        };

        private double Quantile(double share)
        {
            double[] sorted = [.. _milliseconds.Order()];
            return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
        }
    }
}
