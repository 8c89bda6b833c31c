namespace Palate.Llm;

/// <summary>What a model is told when it judges candidates: who asks, for what, and between what.</summary>
public sealed record RerankRequest
{
    /// <summary>What the user typed, or null.</summary>
    public string? Query { get; init; }

    /// <summary>Words that rewriting added to the query; prompts show them beside it. May be empty.</summary>
    public string QueryAdditions { get; init; } = "";

    /// <summary>What the user had before, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>What is known of the user in words; may be empty.</summary>
    public string Profile { get; init; } = "";

    /// <summary>What the order should achieve beyond relevance, in a sentence; may be empty.</summary>
    public string Goal { get; init; } = "";

    /// <summary>
    /// The share of each value of an attribute in what the user had, by attribute; empty where it is not known. Only
    /// strategies that calibrate use it; it is not shown to a model.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, float>> Taste { get; init; } =
        System.Collections.Frozen.FrozenDictionary<string, IReadOnlyDictionary<string, float>>.Empty;

    /// <summary>The candidates, best first by the base score. A candidate's number is its place here.</summary>
    public required IReadOnlyList<RerankCandidate> Candidates { get; init; }

    /// <summary>How many places matter at the top.</summary>
    /// <value>The default is 10.</value>
    public int Top { get; init; } = 10;

    /// <summary>Whose money is spent and whose caches are used; may be empty.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The pipeline that asks; goes to the ledger.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>The experiment's variant that asks; goes to the ledger; may be empty.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Whether reasons are wanted for each candidate.</summary>
    public bool Rationales { get; init; }

    /// <summary>Do not read cached replies.</summary>
    public bool NoCache { get; init; }

    /// <summary>Do not store replies.</summary>
    public bool NoStore { get; init; }
}
