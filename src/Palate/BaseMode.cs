namespace Palate;

/// <summary>Says how an answer came about that nobody re-ranked.</summary>
internal static class BaseMode
{
    /// <summary>The mode of a base order.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="retrieved">What was found.</param>
    /// <param name="hasReranker">Whether the pipeline would re-rank where there is something to order.</param>
    public static Mode Of(RecommendRequest request, RetrievalContext context, Retrieved retrieved, bool hasReranker)
    {
        if (retrieved.By == RetrievedBy.Nothing)
        {
            return Mode.Base(ReasonCode.NoCandidates, retrieved.Candidates.Count > 0
                ? "Only pinned items are left after the filters."
                : "No item is left after the filters.");
        }

        if (context.Profile.Items.IsEmpty)
        {
            string who = request.UserId is null ? "The request names no user"
                : context.Profile.User < 0 ? $"User '{request.UserId}' is unknown"
                : $"User '{request.UserId}' has no history";
            return Mode.Base(
                ReasonCode.ColdStart,
                $"{who} and sent no session items; {(retrieved.By == RetrievedBy.Query ? "the query alone" : "popularity")} decided.");
        }

        (string code, string why) = hasReranker
            ? (ReasonCode.SingleCandidate, "One candidate needs no re-ranking")
            : (ReasonCode.NoReranker, "The pipeline has no re-ranker");
        string how = retrieved.By == RetrievedBy.HistoryAndFallback
            ? "; popular items fill up what the history found"
            : request.Query is not null && retrieved.By != RetrievedBy.Query
                ? "; no item that may be shown was found by the query, so the history alone decided"
                : "";
        return Mode.Base(code, $"{why}{how}.");
    }
}
