namespace Palate.Llm;

/// <summary>Rewrites what a user typed into what is searched and judged by.</summary>
public interface IQueryRewriter
{
    /// <summary>The rewritten query; the query itself where there is nothing better. Never throws for what a model did.</summary>
    /// <param name="query">What the user typed.</param>
    /// <param name="timeout">How long it may take; zero asks no model.</param>
    /// <param name="stop">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    ValueTask<string> RewriteAsync(string query, TimeSpan timeout, CancellationToken stop = default);
}
