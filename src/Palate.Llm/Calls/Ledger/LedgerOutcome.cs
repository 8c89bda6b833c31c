namespace Palate.Llm;

/// <summary>How a call on the ledger ended.</summary>
public enum LedgerOutcome
{
    /// <summary>With a reply.</summary>
    Ok,

    /// <summary>Without a reply.</summary>
    Failed,

    /// <summary>The caller went away, or stopped a streamed reply before its end.</summary>
    Cancelled,
}
