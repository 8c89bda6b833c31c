namespace Palate;

/// <summary>Answers requests: rewrite the query, retrieve, rank, re-rank, shape, and say how it came about.</summary>
/// <remarks>
/// Pinned to one generation. Thread-safe. Without a re-ranker the answer is ready when the call returns.
/// </remarks>
public sealed class Recommender
{
    private readonly TimeProvider _time;
    private readonly PipelineSet _pipelines;

    /// <summary>A recommender over a loaded generation.</summary>
    /// <param name="generation">The trained models and indexes.</param>
    /// <param name="time">The clock: requests are answered as of its time.</param>
    /// <param name="pipelines">Pipelines beside the generation's own, each with a name of its own.</param>
    /// <exception cref="InvalidRequestException">A pipeline's base or shaping cannot run on this generation.</exception>
    public Recommender(
        Generation generation, TimeProvider time, params IReadOnlyList<PipelineDefinition> pipelines)
    {
        ArgumentNullException.ThrowIfNull(generation);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(pipelines);
        Generation = generation;
        _time = time;
        _pipelines = new PipelineSet(generation, pipelines);
    }

    /// <summary>The generation that answers.</summary>
    public Generation Generation { get; }

    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    /// <param name="pipeline">The pipeline's name; null for the default one.</param>
    public Budget BudgetOf(string? pipeline) => _pipelines.BudgetOf(pipeline);

    /// <summary>Answers one request.</summary>
    /// <exception cref="InvalidRequestException">A field of the request is out of its limits.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Recommendation> RecommendAsync(RecommendRequest request, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        stop.ThrowIfCancellationRequested();
        var clock = new StageClock(_time);
        PipelineSet.Chosen pipeline = _pipelines.For(request);

        RewrittenQuery? rewritten = null;
        if (pipeline.Rewriter is { } rewriter)
        {
            rewritten = await RewriteStage.RunAsync(rewriter, request, pipeline.Name, pipeline.Budget, _time, stop);
            clock.Lap("rewrite");
        }

        string? query = rewritten?.Query ?? request.Query;
        using RetrievalContext context = Open(request, query, out int unknownItems);
        Retrieved retrieved = pipeline.Base.Retrieve(context, request.Count);
        int[] pinned = ShapeStage.Pinned(request.Rules, Generation.Catalog, context.Filter);
        retrieved = retrieved with { Candidates = retrieved.Candidates.With(pinned) };
        clock.Lap("retrieve");

        (Ranking ranking, FeatureMatrix? features) = pipeline.Base.Rank(context, retrieved);
        clock.Lap("rank");

        Mode mode = BaseMode.Of(request, context, retrieved, pipeline.Reranker is not null);
        RerankResult? reranked = null;
        if (pipeline.Reranker is { } reranker && ranking.Order.Length > 1)
        {
            var about = new RerankContext
            {
                Ranking = ranking,
                Request = request,
                Query = query,
                Generation = Generation,
                Profile = context.Profile,
                Pipeline = pipeline.Name,
                Budget = RewriteStage.Less(pipeline.Budget, rewritten?.Usage),
                Deadline = clock.After(pipeline.Budget.UntilReserve),
            };
            reranked = await RerankStage.RunAsync(reranker, about, _time, stop);
            ranking = reranked.Scores.Length > 0 ? ranking.After("rerank", reranked.Scores) : ranking;
            mode = reranked.Mode;
            clock.Lap("rerank");
        }

        ShapeStage? shaped = null;
        if (pipeline.IsShaped)
        {
            var wanted = new ShapingRequest(request.Rules, request.Count, request.Exclude, request.IncludeSeen);
            shaped = ShapeStage.Run(Generation.Catalog, ranking, wanted, pipeline.Shaping, context);
            ranking = shaped.Ranking;
            clock.Lap("shape");
        }

        var answer = new Answer(Generation, pipeline.Base, ranking, features, reranked?.Explain, shaped);
        IReadOnlyList<RecommendedItem> items = answer.Items(request);
        clock.Lap("explain");
        return new Recommendation
        {
            UserId = request.UserId,
            Items = items,
            Mode = mode,
            Generation = Generation.Name,
            Pipeline = pipeline.Name,
            Candidates = retrieved.Candidates.Count,
            UnknownItems = unknownItems,
            Rules = shaped?.Outcomes ?? [],
            Rewriting = rewritten,
            Usage = reranked?.Usage,
            Timings = clock.Laps,
        };
    }

    /// <summary>Looks up who asks and what may be returned.</summary>
    private RetrievalContext Open(RecommendRequest request, string? query, out int unknownItems)
    {
        Catalog catalog = Generation.Catalog;
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        int user = Generation.UserIds.IndexOf(request.UserId);
        Profile profile = Profile.OfSession(Generation.Matrix, user, catalog.Ids, request.Session, now, out unknownItems);
        var filter = new ItemFilter(catalog.Count);
        if (!request.IncludeSeen)
        {
            filter.Block(profile.Items);
        }

        unknownItems += filter.Block(catalog.Ids, request.Exclude) + filter.Block(catalog.Ids, request.Rules.Exclude);
        foreach ((string attribute, IReadOnlyList<string> wanted) in request.Require)
        {
            filter.Require(catalog.Attribute(attribute), wanted);
        }

        return new RetrievalContext(profile, filter, query, now);
    }
}
