namespace Palate;

/// <summary>What a rewriter gets to see of a request.</summary>
/// <param name="Query">What the user typed; not blank.</param>
public sealed record RewriteContext(string Query)
{
    /// <summary>What rewriting may cost, its time beginning now; zero of anything asks no model.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>The name of the pipeline that answers.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>Whose money is spent and whose caches are used; may be empty.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Rewrite anew, also what was rewritten before.</summary>
    public bool NoCache { get; init; }

    /// <summary>Keep the rewriting for nobody.</summary>
    public bool NoStore { get; init; }
}
