namespace Palate;

/// <summary>What re-ranking one request took.</summary>
public sealed record RerankUsage
{
    /// <summary>The model that judged; <c>simulated</c> for the built-in one.</summary>
    public string Model { get; init; } = "";

    /// <summary>The strategy that asked.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>Rounds of questions, one after the other.</summary>
    public int Rounds { get; init; }

    /// <summary>Calls that were started.</summary>
    public int Calls { get; init; }

    /// <summary>Questions that were answered without a call, from a cache.</summary>
    public int CacheHits { get; init; }

    /// <summary>Calls without a judgment: failed, late, or not readable.</summary>
    public int Failures { get; init; }

    /// <summary>Tokens of prompts, cached ones included, as reported or else estimated.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of prompts that the provider took from its prefix cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens of replies.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Millionths of a dollar.</summary>
    public long MicroDollars { get; init; }

    /// <summary>How many candidates were judged at least once.</summary>
    public int Judged { get; init; }

    /// <summary>How probable it is that more questions would not have changed the top, 0 to 1.</summary>
    public double Settled { get; init; }
}
