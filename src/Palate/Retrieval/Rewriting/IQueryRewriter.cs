namespace Palate;

/// <summary>Rewrites what a user typed into what is searched by.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IQueryRewriter
{
    /// <summary>The rewritten query; the query itself where there is nothing better. Never throws for what a model did.</summary>
    /// <param name="context">The query, and what rewriting it may cost.</param>
    /// <param name="stop">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    ValueTask<RewrittenQuery> RewriteAsync(RewriteContext context, CancellationToken stop = default);
}
