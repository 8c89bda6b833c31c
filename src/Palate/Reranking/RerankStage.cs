namespace Palate;

/// <summary>The one place that knows a re-ranker: the deadline, the check of what comes back, the way home to the base.</summary>
internal static class RerankStage
{
    /// <summary>Re-ranks by the deadline, whatever the re-ranker does.</summary>
    /// <returns>What it found; without scores when it found nothing that can be used in time.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<RerankResult> RunAsync(
        IReranker reranker, RerankContext context, TimeProvider time, CancellationToken stop)
    {
        DeadlineGuard.Outcome<RerankResult> outcome = await DeadlineGuard.RunAsync(
            own => reranker.RerankAsync(context, own), context.Deadline, time, stop);
        if (outcome.Failure is { } failure)
        {
            return Base(ReasonCode.Failed, $"The re-ranker failed: {Kind(failure)}.");
        }

        if (!outcome.IsInTime)
        {
            return Base(ReasonCode.Deadline, "The re-ranker gave no answer by the deadline.");
        }

        return Fault(outcome.Result, context.Ranking) is { } fault
            ? Base(ReasonCode.InvalidAnswer, $"The re-ranker's answer cannot be used. {fault}") with
            {
                Usage = outcome.Result?.Usage,
            }
            : outcome.Result!;
    }

    /// <summary>Why a result cannot be used; null when it can.</summary>
    public static string? Fault(RerankResult? result, Ranking ranking)
    {
        if (result?.Scores is null)
        {
            return "It answered with nothing.";
        }

        if ((result.Mode.IsJudged || result.Scores.Length > 0) && result.Scores.Length != ranking.Candidates.Count)
        {
            return $"It answered with {result.Scores.Length} scores for {ranking.Candidates.Count} candidates.";
        }

        return result.Scores.All(float.IsFinite) ? null : "It answered with a score that is not a number.";
    }

    /// <summary>What may be said of a failure: its kind alone. Its message may name servers, keys or other people's text.</summary>
    public static string Kind(Exception failure) => failure.GetType().Name;

    private static RerankResult Base(string code, string reason) => new([], Mode.Base(code, reason));
}
