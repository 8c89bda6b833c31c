namespace Palate.Llm;

/// <summary>Re-ranks the best candidates by the scores of a cross-encoder behind a rerank interface.</summary>
/// <remarks>
/// The query is the request's, or without one the titles of the latest items of the history. A candidate that got no
/// score keeps its base order below those that did. Thread-safe. Never throws for anything that the server does.
/// </remarks>
public sealed class RerankApiReranker : IReranker, IJudge
{
    private const int DocumentsPerUnit = 100;

    private readonly RerankApi _api;
    private readonly RerankApiRerankerOptions _options;
    private readonly BlendPolicy _policy;
    private readonly SpendOptions? _spend;
    private readonly ModelPrice? _price;
    private readonly TimeProvider _time;
    private readonly TokenEstimator _estimator = new();
    private readonly Action<RerankContext, JudgedCandidates>? _observer;

    /// <summary>A re-ranker over a rerank interface.</summary>
    /// <param name="api">The interface.</param>
    /// <param name="options">How many candidates, and how long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="policy">What the scores count; null for as much as those of any model nothing was learned of.</param>
    /// <param name="spend">How calls are priced, limited and written down; null for not at all.</param>
    /// <param name="observer">Is told of every judgment of a request, in the request's time; may be null.</param>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="ModelCallException">The model has no price, and such are refused.</exception>
    public RerankApiReranker(
        RerankApi api,
        RerankApiRerankerOptions options,
        TimeProvider time,
        BlendPolicy? policy = null,
        SpendOptions? spend = null,
        Action<RerankContext, JudgedCandidates>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        spend?.Validate();
        _api = api;
        _options = options;
        _policy = policy ?? new BlendPolicy { Model = options.Name };
        _spend = spend;
        _observer = observer;
        _price = spend?.Prices.Find(options.Model);
        _time = time;
        if (spend is { Unknown: UnknownPrice.Refuse } && _price is null)
        {
            throw new ModelCallException(
                ModelCallFailure.Invalid, $"The model '{options.Model}' has no price; add it to the price file.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_policy.Refusal(context, Asked(context.Ranking)) is { } refusal)
        {
            return refusal;
        }

        JudgedCandidates judged = await JudgeAsync(context, stop);
        if (judged.Utilities.Length == 0)
        {
            return new RerankResult([], judged.Mode) { Usage = judged.Usage };
        }

        _observer?.Invoke(context, judged);
        Blend blend = _policy.BlendOf(context);
        float[] scores = context.Ranking.Lift(judged.Candidates, blend.Scores(judged.BaseScores, judged.Utilities));
        return new RerankResult(scores, judged.Mode)
        {
            Usage = judged.Usage,
            Explain = context.Request.Explain ? candidate => Explain(judged, scores, blend.Alpha, candidate) : null,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<JudgedCandidates> JudgeAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] asked = Asked(context.Ranking);
        string query = Query(context);
        if (query.Length == 0)
        {
            return Nothing(context, asked, Mode.Base(ReasonCode.NothingToJudgeBy, "There is neither a query nor a history to score for."), new RerankUsage());
        }

        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), context.Deadline);
        left -= Margin.Of(left, _options.Margin);
        if (left <= TimeSpan.Zero)
        {
            return Nothing(context, asked, Mode.Base(ReasonCode.Deadline, "Time ran out before anything was sent."), new RerankUsage());
        }

        string[] documents = [.. asked.Select(candidate => Document(context, candidate))];
        return await ScoreAsync(context, asked, query, documents, left, stop);
    }

    private async Task<JudgedCandidates> ScoreAsync(
        RerankContext context, int[] asked, string query, string[] documents, TimeSpan left, CancellationToken stop)
    {
        // A cross-encoder reads the query again with every document.
        long tokens = documents.Sum(document => (long)_estimator.Estimate(document))
            + ((long)_estimator.Estimate(query) * documents.Length);
        long units = (documents.Length + DocumentsPerUnit - 1) / DocumentsPerUnit;
        var most = new CallUsage(tokens, 0, 0, 0, units);
        Money reserved = _price?.Cost(most) ?? Money.Zero;
        DateTimeOffset now = _time.GetUtcNow();
        long start = _time.GetTimestamp();
        SpendLimits.Reservation? reservation;
        try
        {
            RequestBudget.From(context.Budget).Reserve(tokens, reserved);
            reservation = _spend?.Limits?.Reserve(context.Pipeline, context.Request.Tenant ?? "", reserved, now);
        }
        catch (ModelCallException over)
        {
            string why = ModelFailureText.Of(over.Kind);
            return Nothing(
                context,
                asked,
                Mode.Base(ReasonCode.Budget, $"The model '{_options.Name}' was not asked: {why}."),
                new RerankUsage());
        }

        RerankScores? scores = null;
        ModelCallFailure? failure = null;
        bool isLeft = false;
        using (var late = new CancellationTokenSource(left < _options.CallTimeout ? left : _options.CallTimeout, _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token))
        {
            try
            {
                scores = await _api.ScoreWithUsageAsync(query, documents, either.Token).WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                isLeft = stop.IsCancellationRequested;
                failure = isLeft ? null : ModelCallFailure.Timeout;
            }
            catch (ModelCallException wrong)
            {
                failure = wrong.Kind;
            }
        }

        var entry = new LedgerEntry
        {
            Time = now,
            Model = _options.Model.Length > 0 ? _options.Model : _options.Name,
            Pipeline = context.Pipeline,
            Tenant = context.Request.Tenant ?? "",
            Purpose = "rerank",
            Outcome = scores is not null ? LedgerOutcome.Ok : isLeft ? LedgerOutcome.Cancelled : LedgerOutcome.Failed,
            Failure = failure,
            Usage = Used(scores, failure, most),
            IsEstimated = scores is null or { Tokens: 0, SearchUnits: 0 },
            IsPriced = _price is not null,
            Latency = _time.GetElapsedTime(start),
        };
        entry = entry with { Cost = _price?.Cost(entry.Usage) ?? Money.Zero };
        if (reservation is not null)
        {
            _spend?.Limits?.Settle(reservation, entry.Cost);
        }

        _spend?.Ledger.Add(entry);
        LlmMetrics.Call(entry);
        return Read(context, asked, scores?.Scores, failure, new RerankUsage
        {
            Model = entry.Model,
            Strategy = "rerank-api",
            Rounds = 1,
            Calls = 1,
            Failures = scores is null ? 1 : 0,
            PromptTokens = entry.Usage.InputTokens,
            MicroDollars = entry.Cost.MicroDollars,
        });
    }

    /// <summary>What is billed: as reported; a server that refused bills nothing, and one that said nothing perhaps all.</summary>
    private static CallUsage Used(RerankScores? scores, ModelCallFailure? failure, CallUsage most) =>
        scores is { Tokens: 0, SearchUnits: 0 } ? most
        : scores is not null ? new CallUsage(scores.Tokens, 0, 0, 0, scores.SearchUnits)
        : failure is null or ModelCallFailure.Timeout or ModelCallFailure.Malformed ? most
        : default;

    private JudgedCandidates Read(RerankContext context, int[] asked, double[]? scores, ModelCallFailure? failure, RerankUsage usage)
    {
        int[] scored = scores is null ? [] :
            [.. Enumerable.Range(0, asked.Length).Where(place => double.IsFinite(scores[place]))];
        if (scored.Length < 2)
        {
            string why = scores is not null ? "it scored fewer than two candidates"
                : failure is { } kind ? ModelFailureText.Of(kind) : "nobody waited for its answer";
            string code = scores is not null ? ReasonCode.InvalidAnswer
                : failure is ModelCallFailure.Timeout ? ReasonCode.Deadline : ReasonCode.Unavailable;
            return Nothing(context, asked, Mode.Base(code, $"The model '{_options.Name}' gave no order: {why}."), usage);
        }

        int[] candidates = [.. scored.Select(place => asked[place])];
        string said = $"The model '{_options.Name}' scored {scored.Length} of {asked.Length} candidates.";
        return new JudgedCandidates(
            candidates,
            Base(context, candidates),
            new Lazy<float[]>([.. scored.Select(place => (float)scores![place])]),
            scored.Length == asked.Length ? Mode.Full(ReasonCode.Complete, said) : Mode.Partial(ReasonCode.Incomplete, said),
            usage with { Judged = scored.Length });
    }

    private static JudgedCandidates Nothing(RerankContext context, int[] asked, Mode mode, RerankUsage usage) =>
        new(asked, Base(context, asked), new Lazy<float[]>([]), mode, usage);

    private static float[] Base(RerankContext context, int[] candidates) =>
        [.. candidates.Select(candidate => context.Ranking.Stages[^1].Scores[candidate])];

    private int[] Asked(Ranking ranking) => ranking.Order[..Math.Min(_options.Candidates, ranking.Order.Length)];

    private string Query(RerankContext context)
    {
        if (!string.IsNullOrWhiteSpace(context.Request.Query))
        {
            return context.Request.Query;
        }

        int[] items = context.Profile.Items.ToArray();
        long[] times = context.Profile.Times.ToArray();
        return string.Join("; ", Enumerable.Range(0, items.Length)
            .OrderByDescending(place => times[place])
            .ThenByDescending(place => items[place])
            .Take(_options.History)
            .Select(place => TextFence.Clean(context.Generation.Catalog.Items[items[place]].Title, _options.ItemTokens))
            .Where(title => title.Length > 0));
    }

    private string Document(RerankContext context, int candidate)
    {
        Item item = context.Generation.Catalog.Items[context.Ranking.Candidates.Items[candidate]];
        string title = TextFence.Clean(item.Title, _options.ItemTokens, out int used);
        bool isSame = string.Equals(item.Title, item.Text, StringComparison.Ordinal);
        string text = isSame ? "" : TextFence.Clean(item.Text, _options.ItemTokens - used);
        return title.Length > 0 && text.Length > 0 ? $"{title}. {text}" : title + text;
    }

    private Explanation Explain(JudgedCandidates judged, float[] scores, double alpha, int candidate)
    {
        int place = Array.IndexOf(judged.Candidates, candidate);
        return place < 0
            ? new Explanation("rerank", 0, "Not among the candidates that got a score.")
            : new Explanation("rerank", scores[candidate], FormattableString.Invariant(
                $"{alpha:F2} of the base score and {1 - alpha:F2} of the score {judged.Utilities[place]:F3} of '{_options.Name}'."));
    }
}
