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
    private readonly Reliance _reliance;
    private readonly Action<RerankContext, JudgedTop>? _observer;

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
        Action<RerankContext, JudgedTop>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _options = options;
        _strategy = Strategies.Create(options.Strategy, options.Asking with { Graph = options.Graph });
        _model = model;
        _observer = observer;
        _renderer = new PromptRenderer(
            prompts.Get(options.Template),
            new PromptOptions
            {
                History = options.History,
                Layout = options.Layout,
                CachedPriceRatio = options.CachedPriceRatio
                    ?? (model.Chat.GetService(typeof(ModelPrice)) as ModelPrice)?.CachedRatio,
            },
            model.Estimator);
        _runner = new Runner(
            model, _renderer, _strategy is GraphStrategy ? Bounded(options) : options.Run, time);
        _reliance = new Reliance
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
        if (_reliance.Refusal(context, asked) is { } refusal)
        {
            return refusal;
        }

        Blend blend = _reliance.BlendOf(context);
        Judged judged = await JudgeAsync(
            Request(context, asked), context.Budget, context.Deadline, blend.Alpha, stop);
        if (!judged.HasJudgments && judged.Walk is null)
        {
            return new RerankResult([], judged.Mode) { Usage = judged.Usage };
        }

        _observer?.Invoke(context, Top(asked, judged));
        float[] scores = context.Ranking.Lift(asked, judged.Blend(blend));
        return new RerankResult(scores, judged.Mode)
        {
            Usage = judged.Usage,
            Explain = context.Request.Explain ? candidate => Explain(judged, asked, scores, blend.Alpha, candidate) : null,
        };
    }

    /// <inheritdoc/>
    async ValueTask<JudgedTop> IJudge.JudgeAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] asked = Asked(context.Ranking);
        Judged judged = await JudgeAsync(Request(context, asked), context.Budget, context.Deadline, stop);
        return Top(asked, judged);
    }

    /// <summary>The first questions that would be asked, as they would be sent; nothing is sent.</summary>
    public IReadOnlyList<(Prompt Prompt, IReadOnlyList<PromptBlock> Blocks)> Preview(RerankContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        RerankRequest request = Request(context, Asked(context.Ranking));
        float[] scores = [.. request.Candidates.Select(candidate => candidate.BaseScore)];
        var evidence = new Evidence(scores, Top(request), _options.Evidence);
        Strategy strategy = _strategy.For(request, _reliance.BlendOf(context).Alpha);
        request = Told(request, strategy);
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
    public Task<Judged> JudgeAsync(RerankRequest request, Budget budget, long deadline, CancellationToken stop) =>
        JudgeAsync(request, budget, deadline, _options.Alpha ?? LlmRerankerOptions.UnlearnedAlpha, stop);

    private async Task<Judged> JudgeAsync(
        RerankRequest request, Budget budget, long deadline, double baseShare, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(budget);
        float[] scores = [.. request.Candidates.Select(candidate => candidate.BaseScore)];
        var evidence = new Evidence(scores, Top(request), _options.Evidence);
        var spent = RequestBudget.From(budget);
        Strategy strategy = _strategy.For(request, baseShare);
        request = Told(request, strategy);
        RunReport report = await _runner.RunAsync(
            strategy, evidence, request, spent, deadline, stop);
        return new Judged(evidence, report, new RerankUsage
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
            Judged = JudgedCandidates(evidence),
            Settled = strategy is not GraphStrategy && evidence.Judgments.Count > 0 ? evidence.SettledProbability() : 0,
        })
        {
            Walk = strategy is GraphStrategy graph ? Counted(graph.Walk(evidence), request) : null,
        };
    }

    // What was said in a walk of relevance alone is fitted for those who learn from it, and not in the request's time.
    private static JudgedTop Top(int[] asked, Judged judged)
    {
        float[] scores = judged.Evidence.BaseScores.ToArray();
        return judged.Walk is null
            ? new JudgedTop(asked, scores, Utilities(judged.Evidence), judged.Mode, judged.Usage)
            : new JudgedTop(asked, scores, [], judged.Mode, judged.Usage)
            {
                Later = new Lazy<float[]>(() => Utilities(judged.OfRelevance())),
            };
    }

    private static float[] Utilities(Evidence told) =>
        told.Judgments.Count > 0 ? [.. told.Utilities.Select(utility => (float)utility)] : [];

    // A walk ends by itself, and never has more calls than steps and one second try.
    private static RunnerOptions Bounded(LlmRerankerOptions options) => options.Run with
    {
        SettledAt = 1,
        MaxCalls = Math.Min(options.Run.MaxCalls, options.Graph.Steps + 1),
    };

    // The model is told a goal's sentence where the request gives its name.
    private static RerankRequest Told(RerankRequest request, Strategy strategy) =>
        strategy is GraphStrategy graph ? request with { Goal = graph.Goal.Sentence } : request;

    private GraphWalk Counted(GraphWalk walk, RerankRequest request) => walk with
    {
        Steps =
        [
            .. walk.Steps.Select(step => step.Question is { } question
                ? step with { Tokens = _renderer.Render(question, request).EstimatedTokens }
                : step),
        ],
    };

    // Where everything is in the top, the better half of it is what can be got right or wrong.
    private static int Top(RerankRequest request) =>
        Math.Clamp(request.Top, 1, Math.Max(1, request.Candidates.Count / 2));

    private int[] Asked(Ranking ranking) => ranking.Order[..Math.Min(_options.Candidates, ranking.Order.Length)];

    private RerankRequest Request(RerankContext context, int[] asked)
    {
        Catalog catalog = context.Generation.Catalog;
        float[] scores = Base(context.Ranking);
        bool isGraph = _strategy is GraphStrategy;
        ItemStatistics? statistics = isGraph
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
            Taste = isGraph ? Taste(context.Profile, catalog) : [],
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
            .. oldestFirst.TakeLast(_options.History).Select(place =>
                new HistoryEntry(catalog.Items[items[place]].Title, isRated ? values[place] : null)),
        ];
    }

    // Only the attributes that a node calibrates by.
    private Dictionary<string, IReadOnlyDictionary<string, float>> Taste(Profile profile, Catalog catalog)
    {
        var tastes = new Dictionary<string, IReadOnlyDictionary<string, float>>(StringComparer.Ordinal);
        foreach (GraphNode node in _options.Graph.Nodes.Where(node => node.Aspect == GraphAspect.Calibration))
        {
            if (catalog.Attribute(node.Attribute!) is { } column
                && ListTopics.Of(column, profile.Items.ToArray()) is { TopicCount: > 0 } topics
                && topics.TasteOf(profile.Items.ToArray()) is { } shares)
            {
                tastes[node.Attribute!] = Enumerable.Range(0, shares.Length)
                    .ToDictionary(topics.NameOf, topic => shares[topic], StringComparer.Ordinal);
            }
        }

        return tastes;
    }

    // The stage that ran last before this one holds the base score.
    private static float[] Base(Ranking ranking) => ranking.Stages[^1].Scores;

    private static int JudgedCandidates(Evidence evidence)
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

    private static Explanation? Explain(Judged judged, int[] asked, float[] scores, double alpha, int candidate)
    {
        int place = Array.IndexOf(asked, candidate);
        if (place < 0)
        {
            return new Explanation("rerank", 0, "Not among the candidates that the model was asked about.");
        }

        if (judged.Walk is { } walk)
        {
            return GraphExplanation.Of(walk, place);
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
