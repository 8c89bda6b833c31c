namespace Palate;

/// <summary>Answers requests: retrieve, rank, re-rank, and say how it came about.</summary>
/// <remarks>
/// Pinned to one generation. Thread-safe. Without a re-ranker the answer is ready when the call returns.
/// </remarks>
public sealed class Recommender
{
    private readonly Generation _generation;
    private readonly TimeProvider _time;
    private readonly IReranker? _reranker;

    /// <summary>A recommender over a loaded generation.</summary>
    /// <param name="generation">The trained models and indexes.</param>
    /// <param name="time">The clock: requests are answered as of its time.</param>
    /// <param name="reranker">Scores the base ranking's candidates anew; null leaves the base ranking.</param>
    public Recommender(Generation generation, TimeProvider time, IReranker? reranker = null)
    {
        ArgumentNullException.ThrowIfNull(generation);
        ArgumentNullException.ThrowIfNull(time);
        _generation = generation;
        _time = time;
        _reranker = reranker;
    }

    /// <summary>The generation that answers.</summary>
    public Generation Generation => _generation;

    /// <summary>Answers one request.</summary>
    /// <exception cref="InvalidRequestException">A field of the request is out of its limits.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Recommendation> RecommendAsync(RecommendRequest request, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        stop.ThrowIfCancellationRequested();
        Pipeline pipeline = _generation.Pipeline(request.Pipeline);
        var clock = new StageClock(_time);

        using RetrievalContext context = Open(request, out int unknownItems);
        Retrieved retrieved = pipeline.Retrieve(context, request.Count);
        clock.Lap("retrieve");

        (Ranking ranking, FeatureMatrix? features) = pipeline.Rank(context, retrieved);
        clock.Lap("rank");

        (string mode, string reason) = BaseMode(request, context, retrieved);
        if (_reranker is not null && ranking.Order.Length > 1)
        {
            RerankResult reranked = await _reranker.RerankAsync(ranking, request, _generation, stop);
            ranking = ranking.After("rerank", reranked.Scores);
            (mode, reason) = (reranked.Mode, reranked.Reason);
            clock.Lap("rerank");
        }

        var answer = new Answer(_generation, pipeline, ranking, features);
        IReadOnlyList<RecommendedItem> items = answer.Items(request);
        clock.Lap("explain");
        return new Recommendation
        {
            UserId = request.UserId,
            Items = items,
            Mode = mode,
            Reason = reason,
            Generation = _generation.Name,
            Pipeline = pipeline.Name,
            Candidates = retrieved.Candidates.Count,
            UnknownItems = unknownItems,
            Timings = clock.Laps,
        };
    }

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
    private RetrievalContext Open(RecommendRequest request, out int unknownItems)
    {
        unknownItems = 0;
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        Profile profile = ProfileOf(request, now, ref unknownItems);
        var filter = new ItemFilter(_generation.Catalog.Count);
        if (!request.IncludeSeen)
        {
            filter.Block(profile.Items);
        }

        foreach (string id in request.Exclude)
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

        return new RetrievalContext(profile, filter, request.Query, now);
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
        private long _last;

        public StageClock(TimeProvider time)
        {
            _time = time;
            _laps = new List<StageTiming>(4);
            _last = time.GetTimestamp();
        }

        public readonly IReadOnlyList<StageTiming> Laps => _laps;

        public void Lap(string stage)
        {
            long now = _time.GetTimestamp();
            _laps.Add(new StageTiming(stage, _time.GetElapsedTime(_last, now).TotalMilliseconds));
            _last = now;
        }
    }
}
