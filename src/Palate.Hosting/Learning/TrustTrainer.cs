using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>Learns what the models of a home's pipelines are worth, from feedback that a generation has not seen.</summary>
/// <remarks>
/// Some interactions of some users are held out, a generation is trained on the rest and never published, and every
/// model of every pipeline is asked about these users, inside its pipeline's budget. Queries with known grades are asked
/// beside them; half of those teach, and the other half only reports. Costs a training, and a request per user or query and
/// model.
/// </remarks>
internal static class TrustTrainer
{
    private const double Share = 1 / 3.0;

    private static readonly LearnedAlpha Nothing = new(1, new MetricInterval(1, 1), 0, new MetricInterval(0, 0), 0);

    /// <summary>Learns, and writes down what was learned of each model that was asked often enough.</summary>
    /// <param name="home">The home.</param>
    /// <param name="providers">Who may serve models.</param>
    /// <param name="data">What a generation is trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="users">How many users are asked about.</param>
    /// <param name="queries">Queries whose right answers are known; may be empty.</param>
    /// <param name="isDistilling">Whether students are taught from the same judgments, after those of live requests.</param>
    /// <param name="progress">Is told how far the whole is, 0 to 1, and what is being done.</param>
    /// <param name="stop">Cancels; what was written by then stays.</param>
    public static async Task<IReadOnlyList<TrustReport>> TeachAsync(
        Home home,
        ProviderRegistry providers,
        TrainingData data,
        TrainingOptions options,
        int users,
        IReadOnlyList<GradedRequest> queries,
        bool isDistilling,
        Action<double, string> progress,
        CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        using var pipelines = HomePipelines.Open(home, time, providers);
        if (pipelines.Tiers.Count == 0)
        {
            throw new ConfigurationException(
                "no_pipeline",
                $"The home {home.Path} declares no pipeline with a model, so there is no trust to learn.",
                "Declare one under pipelines in palate.yaml, or run train without --trust.");
        }

        progress(-1, "trust: holding out");
        var split = Split.SomeUsers(data.Matrix, users, Share, options.Ranking.HoldOut, options.Seed);
        Generation generation = Trainer.Train(
            new TrainingData(data.Catalog, data.Users, split.Train, split.ComputeHash()), options, time, null, stop);
        GradedRequest[] teaching = [.. Requests(data, split.HeldOut), .. queries.Where(IsLearned)];
        GradedRequest[] reporting = [.. queries.Where(query => !IsLearned(query))];
        int all = teaching.Length + reporting.Length;
        using SqliteStore store = home.OpenStore();
        CrossFeatures? features = isDistilling ? new CrossFeatures(data.Catalog) : null;
        var lessons = new List<TrustReport>();
        foreach (HomePipelines.Tier tier in pipelines.Tiers)
        {
            var recorder = new TrustRecorder(tier.Judge, features);
            PipelineDefinition definition = pipelines.Definitions.First(one => one.Name == tier.Pipeline);
            var recommender = new Recommender(generation, time, definition with { Reranker = recorder });
            IReadOnlyList<RecordedRequest> recorded = await RecordAsync(teaching, 0);
            IReadOnlyList<RecordedRequest> others = await RecordAsync(reporting, teaching.Length);
            IReadOnlyList<JudgedRequest>? live = isDistilling && pipelines.Teachers.Contains(tier)
                ? store.Judgments(tier.Pipeline, tier.Model)
                : null;
            lessons.Add(Learn(home, tier, (teaching.Length, recorded), others, live, stop));

            Task<IReadOnlyList<RecordedRequest>> RecordAsync(GradedRequest[] requests, int before) => recorder.RecordAsync(
                recommender,
                tier.Pipeline,
                requests,
                done => progress(
                    (lessons.Count + ((double)(before + done) / all)) / pipelines.Tiers.Count,
                    $"trust: {tier.Pipeline}, {tier.Model}"),
                stop);
        }

        return lessons;
    }

    /// <summary>
    /// Whether trust is learned from a query, and not reported on it: about half of them, by their words alone, so that
    /// neither their order nor others beside them decide.
    /// </summary>
    public static bool IsLearned(GradedRequest query)
    {
        // FNV-1a (Fowler, Noll, Vo); its low bits are the good ones.
        uint hash = 2166136261;
        foreach (char letter in query.Request.Query ?? "")
        {
            hash = (hash ^ letter) * 16777619;
        }

        return ((hash ^ (hash >> 16)) & 1) == 0;
    }

    private static IEnumerable<GradedRequest> Requests(TrainingData data, InteractionMatrix heldOut) =>
        Enumerable.Range(0, heldOut.Rows).Where(user => heldOut.RowCount(user) > 0).Select(user => new GradedRequest(
            new RecommendRequest { UserId = data.Users[user].Id },
            heldOut.Row(user).ToArray().ToDictionary(item => data.Catalog.Items[item].Id, _ => 1)));

    private static TrustReport Learn(
        Home home,
        HomePipelines.Tier tier,
        (int Requests, IReadOnlyList<RecordedRequest> Recorded) teaching,
        IReadOnlyList<RecordedRequest> reporting,
        IReadOnlyList<JudgedRequest>? live,
        CancellationToken stop)
    {
        var options = new TrustOptions();
        IReadOnlyList<RecordedRequest> recorded = teaching.Recorded;
        RecordedRequest[] telling = [.. recorded.Where(request => request.Sample.IsTelling)];
        var trust = Trust.Fit([.. telling.Select(request => request.Sample)], options, stop);
        var ask = AskRule.Fit(
            [.. telling.Select(request => new AskSample(request.Ask, Gain(request.Sample, trust, options.Top)))], null, stop);

        // Too few requests prove nothing for the model and nothing against it: what was known before stays.
        bool isEnough = telling.Length >= options.MinRequests;
        if (isEnough)
        {
            TrustFile.Write(home, tier.Pipeline, tier.Model, new TrustFile.Learned(trust, ask));
        }

        RecordedRequest[] asked = [.. recorded, .. reporting];
        return new TrustReport(tier.Pipeline, tier.Model)
        {
            IsWritten = isEnough,
            Needed = options.MinRequests,
            Requests = teaching.Requests,
            Judged = recorded.Count(request => request.Sample.Evidence.Length > 0),
            Whole = telling.Length > 0 ? trust.Whole : Nothing,
            Segments = trust.Segments,
            Ask = ask.Savings,
            Reported = reporting.Count > 0 ? Report(reporting, trust, ask, options.Top) : null,
            Calls = asked.Sum(request => request.Usage.Calls),
            PromptTokens = asked.Sum(request => request.Usage.PromptTokens),
            OutputTokens = asked.Sum(request => request.Usage.OutputTokens),
            Dollars = asked.Sum(request => request.Usage.MicroDollars) / 1_000_000m,
            Student = live is not null && isEnough
                ? StudentTrainer.Teach(home, tier, tier.Reliance with { Trust = () => trust }, [.. live, .. Judged(tier, recorded)], stop)
                : null,
        };
    }

    private static IEnumerable<JudgedRequest> Judged(HomePipelines.Tier tier, IReadOnlyList<RecordedRequest> recorded) =>
        recorded
            .Where(request => request.Features is not null && request.Sample.Evidence.Length > 0)
            .Select(request => new JudgedRequest(
                tier.Pipeline, tier.Model, request.Sample.Segment, request.Sample.Base, request.Sample.Evidence, request.Features!));

    // What the learned weight and rule would have brought on queries that neither has seen.
    private static ReportedGain Report(IReadOnlyList<RecordedRequest> queries, Trust trust, AskRule ask, int top)
    {
        RecordedRequest[] telling = [.. queries.Where(query => query.Sample.IsTelling)];
        bool[] isAsked =
            [.. telling.Select(query => trust.Of(query.Sample.Segment).Asks && ask.Asks(query.Ask))];
        double[] gains = [.. telling.Select((query, at) => isAsked[at] ? Gain(query.Sample, trust, top) : 0)];
        return new ReportedGain(
            telling.Length,
            isAsked.Count(one => one),
            telling.Select(query => query.Sample.Ndcg(Blend.BaseOnly, top)).DefaultIfEmpty(double.NaN).Average(),
            gains.DefaultIfEmpty(double.NaN).Average(),
            MetricInterval.OfMean(gains, 1));
    }

    private static double Gain(TrustSample sample, Trust trust, int top) =>
        sample.Ndcg(trust.BlendOf(sample.Segment), top) - sample.Ndcg(Blend.BaseOnly, top);
}
