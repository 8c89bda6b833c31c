namespace Palate.Llm;

/// <summary>Re-ranks the best candidates by what a language model says of them.</summary>
/// <remarks>Thread-safe. Never throws for anything that the model does; cancellation ends the asking, not the answer.</remarks>
public sealed class LlmReranker : IReranker, IJudge
{
    private readonly LlmRerankerOptions _options;
    private readonly Strategy _strategy;
    private readonly ModelConnection _model;
    private readonly PromptRenderer _renderer;
    private readonly Runner _runner;
    private readonly BlendPolicy _policy;
    private readonly Action<RerankContext, JudgedCandidates>? _observer;

    // How well items are known is counted once for each generation.
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Generation, ItemStatistics> _statistics = [];

    /// <summary>A re-ranker over a connected model.</summary>
    /// <param name="options">Which question, about how many candidates.</param>
    /// <param name="model">The model with its caches, limits and books.</param>
    /// <param name="prompts">The templates.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trust">What was learned of the model's worth for this pipeline; gives null while there is nothing.</param>
    /// <param name="ask">When to ask at all, as learned; gives null while there is nothing, or for always.</param>
    /// <param name="observer">Is told of every judgment of a request, in the request's time; may be null.</param>
    /// <exception cref="ArgumentException">An option is out of its limits, or names a strategy or template that is not there.</exception>
    public LlmReranker(
        LlmRerankerOptions options,
        ModelConnection model,
        PromptLibrary prompts,
        TimeProvider time,
        Func<Trust?>? trust = null,
        Func<AskRule?>? ask = null,
        Action<RerankContext, JudgedCandidates>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _options = options;
        _strategy = Strategies.Create(options.Strategy, options.StrategyOptions, options.Graph);
        _model = model;
        _observer = observer;
        _renderer = new PromptRenderer(
            prompts.Get(options.Template),
            options.Prompt with
            {
                CachedPriceRatio = options.Prompt.CachedPriceRatio
                    ?? (model.Chat.GetService(typeof(ModelPrice)) as ModelPrice)?.CachedRatio,
            },
            model.Estimator);
        _runner = new Runner(model, _renderer, options.Run, time);
        _policy = new BlendPolicy
        {
            Model = model.Name,
            Alpha = options.Alpha,
            Trust = trust ?? (() => null),
            Ask = ask ?? (() => null),
        };
    }

    /// <summary>What writes its prompts.</summary>
    internal PromptRenderer Renderer => _renderer;

    /// <inheritdoc/>
    public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] asked = Asked(context.Ranking);
        if (_policy.Refusal(context, asked) is { } refusal)
        {
            return refusal;
        }

        Blend blend = _policy.BlendOf(context);
        JudgingResult judged = await JudgeAsync(
            Request(context, asked), context.Budget, context.Deadline, blend.Alpha, stop);
        if (!judged.HasJudgments && !judged.Verdict.IsFinal)
        {
            return new RerankResult([], judged.Mode) { Usage = judged.Usage };
        }

        // The blend first: the observer may read the evidence on another thread, and then it is fitted.
        float[] scores = context.Ranking.Lift(asked, judged.Blend(blend));
        _observer?.Invoke(context, Top(asked, judged));
        return new RerankResult(scores, judged.Mode)
        {
            Usage = judged.Usage,
            Explain = context.Request.Explain ? candidate => Explain(judged, asked, scores, blend.Alpha, candidate) : null,
        };
    }

    /// <inheritdoc/>
    async ValueTask<JudgedCandidates> IJudge.JudgeAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] asked = Asked(context.Ranking);
        JudgingResult judged = await JudgeAsync(Request(context, asked), context.Budget, context.Deadline, stop);
        return Top(asked, judged);
    }

    /// <summary>The first questions that would be asked, as they would be sent; nothing is sent.</summary>
    public IReadOnlyList<(Prompt Prompt, IReadOnlyList<PromptBlock> Blocks)> Preview(RerankContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        RerankRequest request = Request(context, Asked(context.Ranking));
        float[] scores = [.. request.Candidates.Select(candidate => candidate.BaseScore)];
        var evidence = new Evidence(scores, Top(request), _options.Evidence);
        Strategy strategy = _strategy.For(request, _policy.BlendOf(context).Alpha);
        request = strategy.Shown(request);
        return
        [
            .. strategy.NextRound(evidence).Select(question =>
                (_renderer.Render(question, request), _renderer.Describe(question, request))),
        ];
    }

    /// <summary>Asks the model about candidates, with no generation behind them.</summary>
    /// <param name="request">Who asks, for what, and between what.</param>
    /// <param name="budget">Tokens and money.</param>
    /// <param name="deadline">The clock's timestamp by which it has to be over.</param>
    /// <param name="stop">Ends the asking; what is known by then is the result.</param>
    public Task<JudgingResult> JudgeAsync(RerankRequest request, Budget budget, long deadline, CancellationToken stop) =>
        JudgeAsync(request, budget, deadline, _options.Alpha ?? LlmRerankerOptions.UnlearnedAlpha, stop);

    private async Task<JudgingResult> JudgeAsync(
        RerankRequest request, Budget budget, long deadline, double baseShare, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(budget);
        float[] scores = [.. request.Candidates.Select(candidate => candidate.BaseScore)];
        var evidence = new Evidence(scores, Top(request), _options.Evidence);
        var spent = RequestBudget.From(budget);
        Strategy strategy = _strategy.For(request, baseShare);
        RunReport report = await _runner.RunAsync(
            strategy, evidence, strategy.Shown(request), spent, deadline, stop);
        return new JudgingResult(evidence, report, new RerankUsage
        {
            Model = report.Model.Length > 0 ? report.Model : _model.Name,
            Strategy = _strategy.Name,
            Rounds = report.Rounds,
            Calls = report.Calls,
            CacheHits = report.KnownGrades,
            Failures = report.Failures.Values.Sum(),
            PromptTokens = report.PromptTokens,
            CachedTokens = report.CachedTokens,
            OutputTokens = report.OutputTokens,
            MicroDollars = spent.UsedMoney.MicroDollars,
            Judged = CountJudged(evidence),
            Settled = strategy.EndsWhenSettled && evidence.Judgments.Count > 0 ? evidence.SettledProbability() : 0,
        }, strategy.Finish(evidence));
    }

    // Of a final order's evidence the part by relevance has yet to be fitted, and not in the request's time.
    private static JudgedCandidates Top(int[] asked, JudgingResult judged)
    {
        Evidence relevance = judged.Verdict.Relevance(judged.Evidence);
        return new JudgedCandidates(
            asked,
            judged.Evidence.BaseScores.ToArray(),
            new Lazy<float[]>(() => Utilities(relevance)),
            judged.Mode,
            judged.Usage);
    }

    private static float[] Utilities(Evidence relevance) =>
        relevance.Judgments.Count > 0 ? [.. relevance.Utilities.Select(utility => (float)utility)] : [];

    // Where everything is in the top, the better half of it is what can be got right or wrong.
    private static int Top(RerankRequest request) =>
        Math.Clamp(request.Top, 1, Math.Max(1, request.Candidates.Count / 2));

    private int[] Asked(Ranking ranking) => ranking.Order[..Math.Min(_options.Candidates, ranking.Order.Length)];

    private RerankRequest Request(RerankContext context, int[] asked)
    {
        Catalog catalog = context.Generation.Catalog;
        float[] scores = Base(context.Ranking);
        ItemStatistics? statistics = _strategy.UsesNovelty
            ? _statistics.GetValue(context.Generation, static generation => new ItemStatistics(generation.Data.Matrix))
            : null;
        return new RerankRequest
        {
            Query = context.Request.Query,
            QueryAdditions = Additions(context),
            History = History(context.Profile, catalog),
            Goal = context.Request.Goal ?? "",
            Candidates =
            [
                .. asked.Select(candidate =>
                {
                    Item item = catalog.Items[context.Ranking.Candidates.Items[candidate]];
                    return new RerankCandidate(item.Id, item.Title, scores[candidate])
                    {
                        Text = item.Text,
                        Attributes = item.Attributes,
                        Novelty = statistics is null ? null : (float)statistics.Novelty[context.Ranking.Candidates.Items[candidate]],
                    };
                }),
            ],
            Top = context.Request.Count,
            Taste = Taste(context.Profile, catalog),
            Tenant = context.Request.Tenant ?? "",
            Pipeline = context.Pipeline,
            Rationales = _options.Rationales,
            NoCache = context.Request.NoCache,
            NoStore = context.Request.NoStore,
        };
    }

    private static string Additions(RerankContext context) =>
        string.Join(' ', RewriteWords.Of(context.Query).Except(RewriteWords.Of(context.Request.Query)));

    private HistoryEntry[] History(Profile profile, Catalog catalog)
    {
        int[] items = profile.Items.ToArray();
        float[] values = profile.Values.ToArray();
        long[] times = profile.Times.ToArray();
        int[] oldestFirst = [.. Enumerable.Range(0, items.Length).OrderBy(place => times[place]).ThenBy(place => items[place])];
        bool isRated = values.Distinct().Take(2).Count() > 1;
        return
        [
            .. oldestFirst.TakeLast(_options.Prompt.History).Select(place =>
                new HistoryEntry(catalog.Items[items[place]].Title, isRated ? values[place] : null)),
        ];
    }

    private Dictionary<string, IReadOnlyDictionary<string, float>> Taste(Profile profile, Catalog catalog)
    {
        var tastes = new Dictionary<string, IReadOnlyDictionary<string, float>>(StringComparer.Ordinal);
        foreach (string attribute in _strategy.TasteAttributes)
        {
            if (catalog.Attribute(attribute) is { } column
                && ListTopics.Of(column, profile.Items.ToArray()) is { TopicCount: > 0 } topics
                && topics.TasteOf(profile.Items.ToArray()) is { } shares)
            {
                tastes[attribute] = Enumerable.Range(0, shares.Length)
                    .ToDictionary(topics.NameOf, topic => shares[topic], StringComparer.Ordinal);
            }
        }

        return tastes;
    }

    // The stage that ran last before this one holds the base score.
    private static float[] Base(Ranking ranking) => ranking.Stages[^1].Scores;

    private static int CountJudged(Evidence evidence)
    {
        bool[] isJudged = new bool[evidence.Candidates];
        foreach (Judgment judgment in evidence.Judgments)
        {
            foreach (int candidate in judgment.Question.Candidates)
            {
                isJudged[candidate] = true;
            }
        }

        return isJudged.AsSpan().Count(true);
    }

    private static Explanation? Explain(JudgingResult judged, int[] asked, float[] scores, double alpha, int candidate)
    {
        int place = Array.IndexOf(asked, candidate);
        if (place < 0)
        {
            return new Explanation("rerank", 0, "Not among the candidates that the model was asked about.");
        }

        if (judged.Verdict.Explain(place) is { } own)
        {
            return own;
        }

        Judgment[] about = [.. judged.Evidence.Judgments.Where(one => one.Question.Candidates.Contains(place))];
        string? rationale = about.Select(one => one.Rationales.GetValueOrDefault(place)).LastOrDefault(one => one is not null);
        string words = FormattableString.Invariant(
            $"{about.Length} judgments of {judged.Usage.Model} by {judged.Usage.Strategy}; utility {judged.Evidence.Utilities[place]:F2} +- {judged.Evidence.Deviations[place]:F2}.");
        return new Explanation("rerank", scores[candidate], FormattableString.Invariant(
            $"{alpha:F2} of the base score and {1 - alpha:F2} of the model's judgment."))
        {
            Parts =
            [
                new Explanation("judgment", (float)judged.Evidence.Utilities[place], rationale is null ? words : $"{words} \"{rationale}\""),
            ],
        };
    }
}
