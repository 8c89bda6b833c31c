namespace Palate.Llm;

/// <summary>One call that was sent to a provider: every attempt has an entry of its own.</summary>
public sealed record LedgerEntry
{
    /// <summary>When the call began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The model that was asked.</summary>
    public required string Model { get; init; }

    /// <summary>The pipeline that asked.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>The experiment's variant that asked.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Whose money it is.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>What it was for: <c>rerank</c>, <c>rewrite</c>, <c>shadow</c> and so on.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>How it ended.</summary>
    public LedgerOutcome Outcome { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public ModelCallFailure? Failure { get; init; }

    /// <summary>How often the call was tried before.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether the call raced a slow one.</summary>
    public bool IsHedge { get; init; }

    /// <summary>What it used.</summary>
    public CallUsage Usage { get; init; }

    /// <summary>What it costs.</summary>
    public Money Cost { get; init; }

    /// <summary>Whether the usage is estimated, because the provider did not get to report it.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Whether the model has a price; if not, <see cref="Cost"/> is zero and means nothing.</summary>
    public bool IsPriced { get; init; } = true;

    /// <summary>How long it took.</summary>
    public TimeSpan Latency { get; init; }
}
