namespace Palate;

/// <summary>Asks re-rankers in their order until one of them answers; the base order is at the end.</summary>
/// <remarks>
/// The first tier's answer keeps its mode; that of a later one is <c>cascade:TIER</c>. What kept earlier tiers from
/// answering is in the reason. A tier that fails, answers with scores that cannot be used, or does not come back in
/// time is passed over, and one that blocks or does not listen to its token is left behind: the cascade itself never
/// fails and is never later than its token. Thread-safe.
/// </remarks>
public sealed class Cascade : IReranker
{
    private readonly CascadeTier[] _tiers;
    private readonly TimeProvider _time;

    /// <summary>A cascade of tiers.</summary>
    /// <param name="tiers">The tiers, best first; names differ.</param>
    /// <param name="time">The clock that the tiers' limits run by.</param>
    /// <exception cref="ArgumentException">A name is empty or twice there, or a limit is not above 0.</exception>
    public Cascade(IReadOnlyList<CascadeTier> tiers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        ArgumentNullException.ThrowIfNull(time);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (CascadeTier tier in tiers)
        {
            if (string.IsNullOrWhiteSpace(tier.Name) || !names.Add(tier.Name))
            {
                throw new ArgumentException(
                    $"A tier is named '{tier.Name}'; give every tier a name of its own.", nameof(tiers));
            }

            if (tier.Reserve < TimeSpan.Zero)
            {
                throw new ArgumentException(
                    $"The reserve of tier '{tier.Name}' is {tier.Reserve}; give 0 or more.", nameof(tiers));
            }

            if (tier.Limit <= TimeSpan.Zero)
            {
                throw new ArgumentException(
                    $"The limit of tier '{tier.Name}' is {tier.Limit}; give more than 0, or none.", nameof(tiers));
            }
        }

        _tiers = [.. tiers];
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        RerankUsage? usage = null;
        string code = ReasonCode.Unavailable;
        List<string> reasons = [];
        for (int place = 0; place < _tiers.Length; place++)
        {
            CascadeTier tier = _tiers[place];
            (RerankResult? answer, Mode mode) = await TryAsync(tier, Less(context, usage), stop);
            usage = Sum(usage, answer?.Usage);
            code = place == 0 ? mode.Code : code;
            reasons.Add($"{tier.Name}: {mode.Reason}");
            if (answer is not null && mode.IsJudged)
            {
                return answer with
                {
                    Usage = usage,
                    Mode = place == 0 ? mode : Mode.Cascade(tier.Name, code, string.Join(' ', reasons)),
                };
            }

            if (answer is { IsDecided: true })
            {
                return answer with { Scores = [], Usage = usage, Mode = Mode.Base(mode.Code, string.Join(' ', reasons)) };
            }
        }

        reasons.Add("The base order stands.");
        return new RerankResult([], Mode.Base(code, string.Join(' ', reasons))) { Usage = usage };
    }

    /// <summary>Asks one tier; an answer that is no judgment still tells what was used up for it.</summary>
    private async ValueTask<(RerankResult? Answer, Mode Mode)> TryAsync(
        CascadeTier tier, RerankContext context, CancellationToken stop)
    {
        RerankContext own = Within(tier, context);
        if (stop.IsCancellationRequested || own.Deadline <= _time.GetTimestamp())
        {
            return (null, Mode.Base(ReasonCode.Deadline, "No time was left."));
        }

        try
        {
            if (tier.Objection?.Invoke(context) is { } objection)
            {
                return (null, Mode.Base(ReasonCode.Unavailable, objection));
            }

            DeadlineGuard.Outcome<RerankResult> outcome = await DeadlineGuard.RunAsync(
                token => tier.Reranker.RerankAsync(own, token), own.Deadline, _time, stop);
            if (outcome.Failure is { } failure)
            {
                return (null, Failed(failure));
            }

            if (!outcome.IsInTime)
            {
                return (null, Mode.Base(ReasonCode.Deadline, _time.GetTimestamp() < context.Deadline
                    ? "It took longer than its limit." : "The deadline came first."));
            }

            return RerankStage.Fault(outcome.Result, context.Ranking) is { } fault
                ? (null, Mode.Base(ReasonCode.InvalidAnswer, fault))
                : (outcome.Result, outcome.Result!.Mode);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (null, Mode.Base(ReasonCode.Deadline, "The deadline came first."));
        }
#pragma warning disable CA1031 // Whatever an objection throws, the next tier is asked.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return (null, Failed(failure));
        }
    }

    private static Mode Failed(Exception failure) =>
        Mode.Base(ReasonCode.Failed, $"It failed: {RerankStage.Kind(failure)}.");

    /// <summary>What a tier sees: the deadline less what is kept for others, or its own limit when that comes first.</summary>
    private RerankContext Within(CascadeTier tier, RerankContext context)
    {
        long end = context.Deadline - Ticks(tier.Reserve);
        return context with
        {
            Deadline = tier.Limit is { } limit ? Math.Min(end, _time.GetTimestamp() + Ticks(limit)) : end,
        };
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    // The budget is that of the request, so what one tier used up is not there for the next.
    private static RerankContext Less(RerankContext context, RerankUsage? used) => used is null
        ? context
        : context with
        {
            Budget = context.Budget with
            {
                Tokens = (int)Math.Max(0, context.Budget.Tokens - used.PromptTokens - used.OutputTokens),
                MicroDollars = Math.Max(0, context.Budget.MicroDollars - used.MicroDollars),
            },
        };

    // What a tier used up counts also when a later one answers.
    private static RerankUsage? Sum(RerankUsage? before, RerankUsage? more) =>
        before is null || more is null ? more ?? before : more with
        {
            Rounds = before.Rounds + more.Rounds,
            Calls = before.Calls + more.Calls,
            CacheHits = before.CacheHits + more.CacheHits,
            Failures = before.Failures + more.Failures,
            PromptTokens = before.PromptTokens + more.PromptTokens,
            CachedTokens = before.CachedTokens + more.CachedTokens,
            OutputTokens = before.OutputTokens + more.OutputTokens,
            MicroDollars = before.MicroDollars + more.MicroDollars,
        };
}
