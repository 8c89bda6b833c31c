namespace Palate;

/// <summary>The one place that knows a re-ranker: the deadline, the check of what comes back, the way home to the base.</summary>
internal static class RerankStage
{
    /// <summary>Re-ranks by the deadline, whatever the re-ranker does.</summary>
    /// <returns>What it found; without scores, when it found nothing that can be used in time.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<RerankResult> RunAsync(
        IReranker reranker, RerankContext context, TimeProvider time, CancellationToken stop)
    {
        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), context.Deadline);
        if (left <= TimeSpan.Zero)
        {
            return Base("The deadline had come before re-ranking could begin.");
        }

        using var late = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        bool isBack = false;
        try
        {
            ValueTask<RerankResult> work = reranker.RerankAsync(context, either.Token);
            RerankResult result = work.IsCompletedSuccessfully
                ? work.Result
                : await work.AsTask().WaitAsync(left, time, stop);
            isBack = true;
            return Fault(result, context.Ranking) is { } fault
                ? Base($"The re-ranker's answer cannot be used. {fault}") with { Usage = result?.Usage }
                : result;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            // A re-ranker that is late or broken costs its judgment and nothing else. What an exception says may name
            // servers, keys or other people's text, so the reason names its kind alone.
            return Base(failure is TimeoutException or OperationCanceledException
                ? "The re-ranker gave no answer by the deadline."
                : $"The re-ranker failed: {failure.GetType().Name}.");
        }
        finally
        {
            // A request that goes on without its re-ranker takes the calls with it: waiting may resume before the linked
            // token was cancelled, and a source that is gone cancels nothing.
            if (!isBack)
            {
                await either.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Whether a re-ranker judged, rather than handed back the base order.</summary>
    public static bool IsAnswer(string mode) =>
        mode is "full" or "partial" || mode.StartsWith("cascade:", StringComparison.Ordinal);

    /// <summary>Why a result cannot be used; null when it can.</summary>
    public static string? Fault(RerankResult? result, Ranking ranking)
    {
        if (result?.Scores is null)
        {
            return "It answered with nothing.";
        }

        if ((IsAnswer(result.Mode) || result.Scores.Length > 0) && result.Scores.Length != ranking.Candidates.Count)
        {
            return $"It answered with {result.Scores.Length} scores for {ranking.Candidates.Count} candidates.";
        }

        return result.Scores.All(float.IsFinite) ? null : "It answered with a score that is not a number.";
    }

    private static RerankResult Base(string reason) => new([], "base", reason);
}
