namespace Palate;

/// <summary>Rewrites the query of a request in a share of its time, whatever the rewriter does.</summary>
internal static class RewriteStage
{
    /// <summary>The greatest share of a request's time that goes into its query: the rest is for its answer.</summary>
    public const double Share = 0.25;

    /// <summary>Rewrites a query; where that fails or takes too long the query stands as it was typed.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<RewrittenQuery> RunAsync(
        IQueryRewriter rewriter,
        RecommendRequest request,
        string pipeline,
        Budget budget,
        TimeProvider time,
        CancellationToken stop)
    {
        string typed = request.Query!;
        var context = new RewriteContext(typed)
        {
            Budget = budget with { Deadline = budget.Deadline * Share },
            Pipeline = pipeline,
            Tenant = request.Tenant ?? "",
            NoCache = request.NoCache,
            NoStore = request.NoStore,
        };
        long deadline = time.GetTimestamp() + (long)(context.Budget.Deadline.TotalSeconds * time.TimestampFrequency);
        DeadlineGuard.Outcome<RewrittenQuery> outcome = await DeadlineGuard.RunAsync(
            own => rewriter.RewriteAsync(context, own), deadline, time, stop);
        if (outcome.Failure is { } failure)
        {
            return AsTyped($"The rewriter failed: {RerankStage.Kind(failure)}.");
        }

        if (!outcome.IsInTime)
        {
            return AsTyped("The rewriter gave no answer in its share of the time.");
        }

        RewrittenQuery? rewritten = outcome.Result;
        return string.IsNullOrWhiteSpace(rewritten?.Query) || rewritten.Query.Length > RecommendRequest.MaxQueryLength
            ? AsTyped($"The rewriter gave {rewritten?.Query?.Length ?? 0} characters.", rewritten?.Usage)
            : rewritten;

        RewrittenQuery AsTyped(string reason, RerankUsage? usage = null) =>
            new(typed, "none") { Reason = reason, Usage = usage };
    }

    /// <summary>What is left of a budget after rewriting.</summary>
    public static Budget Less(Budget budget, RerankUsage? used) => used is null ? budget : budget with
    {
        Tokens = (int)Math.Max(0, budget.Tokens - used.PromptTokens - used.OutputTokens),
        MicroDollars = Math.Max(0, budget.MicroDollars - used.MicroDollars),
    };
}
