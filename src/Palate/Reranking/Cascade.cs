namespace Palate;

/// <summary>Asks re-rankers in their order until one of them answers; the base order is at the end.</summary>
/// <remarks>
/// The first tier's answer keeps its mode; that of a later one is <c>cascade:TIER</c>. What kept earlier tiers from
/// answering is in the reason. A tier that fails, answers with scores that cannot be used, or does not come back in
/// time is passed over, and one that does not listen to its token is left behind: the cascade itself never fails and
/// is never later than its token. Thread-safe.
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
    public async ValueTask<RerankResult> RerankAsync(
        Ranking ranking, RecommendRequest request, Generation generation, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        List<string> reasons = [];
        for (int place = 0; place < _tiers.Length; place++)
        {
            CascadeTier tier = _tiers[place];
            if (stop.IsCancellationRequested)
            {
                reasons.Add($"{tier.Name}: No time was left.");
                continue;
            }

            (RerankResult? answer, string reason) = await TryAsync(tier, ranking, request, generation, stop);
            reasons.Add($"{tier.Name}: {reason}");
            if (answer is not null)
            {
                return answer with
                {
                    Mode = place == 0 ? answer.Mode : $"cascade:{tier.Name}",
                    Reason = place == 0 ? answer.Reason : string.Join(' ', reasons),
                };
            }
        }

        reasons.Add("The base order stands.");
        return new RerankResult((float[])ranking.Stages[^1].Scores.Clone(), "base", string.Join(' ', reasons));
    }

    private async ValueTask<(RerankResult? Answer, string Reason)> TryAsync(
        CascadeTier tier, Ranking ranking, RecommendRequest request, Generation generation, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(tier.Limit ?? Timeout.InfiniteTimeSpan, _time);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            if (tier.Objection?.Invoke(ranking, request) is { } objection)
            {
                return (null, objection);
            }

            RerankResult result = await tier.Reranker
                .RerankAsync(ranking, request, generation, own.Token).AsTask().WaitAsync(own.Token);
            return Fault(result, ranking) is { } fault ? (null, fault)
                : IsAnswer(result.Mode) ? (result, result.Reason)
                : (null, result.Reason);
        }
        catch (OperationCanceledException) when (own.IsCancellationRequested)
        {
            return (null, stop.IsCancellationRequested ? "The deadline came first." : "It took longer than its limit.");
        }
#pragma warning disable CA1031 // Whatever breaks in a tier, the next one is asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (null, $"It failed: {e.GetType().Name}.");
        }
    }

    /// <summary>Whether a tier judged, rather than handed back the base order.</summary>
    private static bool IsAnswer(string mode) =>
        mode is "full" or "partial" || mode.StartsWith("cascade:", StringComparison.Ordinal);

    /// <summary>Why a result cannot be used; null when it can.</summary>
    private static string? Fault(RerankResult? result, Ranking ranking)
    {
        if (result is null)
        {
            return "It answered with nothing.";
        }

        if (result.Scores.Length != ranking.Candidates.Count)
        {
            return $"It answered with {result.Scores.Length} scores for {ranking.Candidates.Count} candidates.";
        }

        return result.Scores.All(float.IsFinite) ? null : "It answered with a score that is not a number.";
    }
}
