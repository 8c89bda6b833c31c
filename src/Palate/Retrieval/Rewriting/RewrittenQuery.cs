namespace Palate;

/// <summary>What a query was rewritten into, and by whom.</summary>
/// <param name="Query">What is searched by.</param>
/// <param name="By"><c>rules</c>, <c>model</c>, or <c>none</c> where the query stands as it was typed.</param>
public sealed record RewrittenQuery(string Query, string By)
{
    /// <summary>Why nobody better rewrote it, in a sentence; null when nothing went wrong.</summary>
    public string? Reason { get; init; }

    /// <summary>What asking a model for it took; null when none was asked.</summary>
    public RerankUsage? Usage { get; init; }
}
