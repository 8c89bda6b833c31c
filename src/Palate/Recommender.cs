namespace Palate;

/// <summary>Answers requests: rewrite the query, retrieve, rank, re-rank, shape, and say how it came about.</summary>
/// <remarks>
/// Pinned to one generation. Thread-safe. Without a re-ranker the answer is ready when the call returns.
/// </remarks>
public sealed class Recommender
{
    private static readonly Budget Standard = new();

    private readonly Generation _generation;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, PipelineDefinition> _definitions;
    private readonly Dictionary<string, IQueryRewriter> _rewriters;
    private readonly Dictionary<string, ShapeParts> _shaping;
    private readonly Lazy<ItemStatistics> _statistics;

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
        _generation = generation;
        _time = time;
        _definitions = pipelines.ToDictionary(definition => definition.Name, StringComparer.Ordinal);
        _rewriters = pipelines.Where(definition => definition.Rewriting is not null).ToDictionary(
            definition => definition.Name, definition => definition.Rewriting!(generation), StringComparer.Ordinal);
        _statistics = new Lazy<ItemStatistics>(() => new ItemStatistics(generation.Matrix));
        _shaping = pipelines.Where(definition => definition.Shaping is not null).ToDictionary(
            definition => definition.Name, ShapingOf, StringComparer.Ordinal);
        if (pipelines.FirstOrDefault(definition => !generation.HasPipeline(definition.Base)) is { } baseless)
        {
            throw new InvalidRequestException(
                "pipeline",
                $"Pipeline '{baseless.Name}' stands on '{baseless.Base}', which the generation does not have; it has "
                + $"{string.Join(", ", generation.PipelineNames)}.");
        }
    }

    /// <summary>The generation that answers.</summary>
    public Generation Generation => _generation;

    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    /// <param name="pipeline">The pipeline's name; null for the default one.</param>
    public Budget BudgetOf(string? pipeline) =>
        _definitions.GetValueOrDefault(pipeline ?? PipelineBuilder.DefaultName)?.Budget ?? Standard;

    /// <summary>Answers one request.</summary>
    /// <exception cref="InvalidRequestException">A field of the request is out of its limits.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Recommendation> RecommendAsync(RecommendRequest request, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        stop.ThrowIfCancellationRequested();
        var clock = new StageClock(_time);
        (Pipeline pipeline, PipelineDefinition? definition) = PipelineOf(request.Pipeline);
        ShapeParts? shaping = ShapingOf(request, definition);
        Budget budget = definition is null ? request.Budget ?? Standard : definition.Budget.LoweredTo(request.Budget);

        RewrittenQuery? rewritten = null;
        if (definition is not null && !string.IsNullOrWhiteSpace(request.Query)
            && _rewriters.TryGetValue(definition.Name, out IQueryRewriter? rewriter))
        {
            rewritten = await RewriteStage.RunAsync(rewriter, request, definition.Name, budget, _time, stop);
            clock.Lap("rewrite");
        }

        string? query = rewritten?.Query ?? request.Query;
        using RetrievalContext context = Open(request, query, out int unknownItems);
        Retrieved retrieved = pipeline.Retrieve(context, request.Count);
        retrieved = retrieved with
        {
            Candidates = retrieved.Candidates.With(
                ShapeStage.Pinned(request.Rules, _generation.Catalog, context.Filter)),
        };
        clock.Lap("retrieve");

        (Ranking ranking, FeatureMatrix? features) = pipeline.Rank(context, retrieved);
        clock.Lap("rank");

        (string mode, string reason) = BaseMode(request, context, retrieved);
        RerankResult? reranked = null;
        if (definition?.Reranker is { } reranker && ranking.Order.Length > 1)
        {
            var about = new RerankContext
            {
                Ranking = ranking,
                Request = request,
                Query = query,
                Generation = _generation,
                Profile = context.Profile,
                Pipeline = definition.Name,
                Budget = RewriteStage.Less(budget, rewritten?.Usage),
                Deadline = clock.After(budget.UntilReserve),
            };
            reranked = await RerankStage.RunAsync(reranker, about, _time, stop);
            if (reranked.Scores.Length > 0)
            {
                ranking = ranking.After("rerank", reranked.Scores);
            }

            (mode, reason) = (reranked.Mode, reranked.Reason);
            clock.Lap("rerank");
        }

        ShapeStage? shaped = null;
        if (shaping is { Weight: > 0 } || request.Rules.NeedsShaping)
        {
            shaped = ShapeStage.Run(_generation.Catalog, ranking, request, shaping, context);
            ranking = shaped.Ranking;
            clock.Lap("shape");
        }

        var answer = new Answer(_generation, pipeline, ranking, features, reranked?.Explain, shaped);
        IReadOnlyList<RecommendedItem> items = answer.Items(request);
        clock.Lap("explain");
        return new Recommendation
        {
            UserId = request.UserId,
            Items = items,
            Mode = mode,
            Reason = reason,
            Generation = _generation.Name,
            Pipeline = definition?.Name ?? pipeline.Name,
            Candidates = retrieved.Candidates.Count,
            UnknownItems = unknownItems,
            Rules = shaped?.Outcomes ?? [],
            Rewriting = rewritten,
            Usage = reranked?.Usage,
            Timings = clock.Laps,
        };
    }

    private (Pipeline Pipeline, PipelineDefinition? Definition) PipelineOf(string? name)
    {
        PipelineDefinition? definition = _definitions.GetValueOrDefault(name ?? PipelineBuilder.DefaultName);
        if (definition is null && name is not null && _definitions.Count > 0 && !_generation.HasPipeline(name))
        {
            throw new InvalidRequestException(
                "pipeline",
                $"There is no pipeline '{name}'; there are {string.Join(", ", _definitions.Keys.Order(StringComparer.Ordinal))}, "
                + $"and of the generation {string.Join(", ", _generation.PipelineNames)}.");
        }

        return (_generation.Pipeline(definition is null ? name : definition.Base), definition);
    }

    private ShapeParts ShapingOf(PipelineDefinition definition)
    {
        try
        {
            return new ShapeParts(_generation, definition.Shaping!, definition.Shapers, _statistics);
        }
        catch (InvalidRequestException wrong)
        {
            throw new InvalidRequestException(wrong.Parameter, $"Pipeline '{definition.Name}': {wrong.Message}");
        }
    }

    private ShapeParts? ShapingOf(RecommendRequest request, PipelineDefinition? definition) =>
        request.Shaping is not { } own ? definition is null ? null : _shaping.GetValueOrDefault(definition.Name)
        : own.Weight > 0 ? new ShapeParts(_generation, own, definition?.Shapers ?? [], _statistics)
        : null;

    private static (string Mode, string Reason) BaseMode(
        RecommendRequest request, RetrievalContext context, Retrieved retrieved)
    {
        string who = request.UserId is null ? "The request names no user" :
            context.Profile.User < 0 ? $"User '{request.UserId}' is unknown" : $"User '{request.UserId}' has no history";
        return (retrieved.By, context.Profile.Items.IsEmpty) switch
        {
            (RetrievedBy.Nothing, _) => ("base", "No item is left after the filters."),
            (RetrievedBy.Query, true) => ("base:cold-start", $"{who} and sent no session items; the query alone decided."),
            (_, true) => ("base:cold-start", $"{who} and sent no session items; popularity decided."),
            (RetrievedBy.HistoryAndFallback, _) =>
                ("base", "No re-ranker is configured; popular items fill up what the history found."),
            _ when request.Query is not null && retrieved.By != RetrievedBy.Query =>
                ("base", "No re-ranker is configured; nothing matched the query, so the history alone decided."),
            _ => ("base", "No re-ranker is configured."),
        };
    }

    /// <summary>Looks up who asks and what may be returned.</summary>
    private RetrievalContext Open(RecommendRequest request, string? query, out int unknownItems)
    {
        unknownItems = 0;
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        Profile profile = ProfileOf(request, now, ref unknownItems);
        var filter = new ItemFilter(_generation.Catalog.Count);
        if (!request.IncludeSeen)
        {
            filter.Block(profile.Items);
        }

        foreach (string id in request.Exclude.Concat(request.Rules.Exclude))
        {
            if (_generation.Catalog.Ids.TryGetIndex(id, out int item))
            {
                filter.Block(item);
            }
            else
            {
                unknownItems++;
            }
        }

        foreach ((string attribute, IReadOnlyList<string> wanted) in request.Require)
        {
            filter.Require(_generation.Catalog.Attribute(attribute), wanted);
        }

        return new RetrievalContext(profile, filter, query, now);
    }

    private Profile ProfileOf(RecommendRequest request, long now, ref int unknownItems)
    {
        int user = _generation.UserIds.IndexOf(request.UserId);
        if (request.Session.Count == 0)
        {
            return user >= 0 ? Profile.OfRow(_generation.Matrix, user) : Profile.OfEvents(-1, [], [], []);
        }

        List<int> items = [];
        List<float> values = [];
        List<long> times = [];
        if (user >= 0)
        {
            items.AddRange(_generation.Matrix.Row(user));
            values.AddRange(_generation.Matrix.RowValues(user));
            times.AddRange(_generation.Matrix.RowTimes(user));
        }

        foreach (SessionItem entry in request.Session)
        {
            if (_generation.Catalog.Ids.TryGetIndex(entry.ItemId, out int item))
            {
                items.Add(item);
                values.Add(entry.Value);
                times.Add(entry.Time == 0 ? now : entry.Time);
            }
            else
            {
                unknownItems++;
            }
        }

        return Profile.OfEvents(user, [.. items], [.. values], [.. times]);
    }

    private struct StageClock
    {
        private readonly TimeProvider _time;
        private readonly List<StageTiming> _laps;
        private readonly long _start;
        private long _last;

        public StageClock(TimeProvider time)
        {
            _time = time;
            _laps = new List<StageTiming>(4);
            _start = _last = time.GetTimestamp();
        }

        public readonly IReadOnlyList<StageTiming> Laps => _laps;

        public readonly long After(TimeSpan deadline) =>
            _start + (long)(deadline.TotalSeconds * _time.TimestampFrequency);

        public void Lap(string stage)
        {
            long now = _time.GetTimestamp();
            _laps.Add(new StageTiming(stage, _time.GetElapsedTime(_last, now).TotalMilliseconds));
            _last = now;
        }
    }
}
