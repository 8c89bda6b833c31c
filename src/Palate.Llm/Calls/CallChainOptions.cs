using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>The usual chain of decorators; what is null is left out.</summary>
public sealed class CallChainOptions
{
    /// <summary>What is recorded or replayed.</summary>
    public Recording? Recording { get; init; }

    /// <summary>What is done with <see cref="Recording"/>.</summary>
    public RecordingMode RecordingMode { get; init; } = RecordingMode.Replay;

    /// <summary>The cache of whole replies.</summary>
    public ReplyCache? Cache { get; init; }

    /// <summary>Whether equal calls at the same time share one.</summary>
    /// <value>The default is true.</value>
    public bool ShareEqualCalls { get; init; } = true;

    /// <summary>The prefixes that were sent to the provider.</summary>
    public PrefixPool? Prefixes { get; init; }

    /// <summary>When a failing model is left alone.</summary>
    public BreakerOptions? Breaker { get; init; } = new();

    /// <summary>When a second call races a slow first one.</summary>
    public HedgeOptions? Hedge { get; init; }

    /// <summary>How failed calls are tried again.</summary>
    public RetryOptions? Retry { get; init; } = new();

    /// <summary>How much may be asked at once and in a minute.</summary>
    public LimitOptions? Limits { get; init; } = new();

    /// <summary>How calls are priced, limited and written down.</summary>
    public SpendOptions? Spend { get; init; }

    /// <summary>How long one call may take.</summary>
    public TimeoutOptions Timeout { get; init; } = new();

    /// <summary>The client with these decorators around it.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="ModelCallException">The model has no price, and such are refused.</exception>
    public IChatClient Build(IChatClient model, TimeProvider time)
    {
        var chain = new CallChain(time);
        _ = Recording is null ? chain : chain.Record(Recording, RecordingMode);
        _ = Cache is null ? chain : chain.Cache(Cache);
        _ = ShareEqualCalls ? chain.ShareEqualCalls() : chain;
        _ = Prefixes is null ? chain : chain.ReusePrefixes(Prefixes);
        _ = Breaker is null ? chain : chain.Break(Breaker);
        _ = Hedge is null ? chain : chain.Hedge(Hedge);
        _ = Retry is null ? chain : chain.Retry(Retry);
        _ = Limits is null ? chain : chain.Limit(new CallLimiter(Limits, time));
        _ = Spend is null ? chain : chain.Spend(Spend);
        return chain.TimeOut(Timeout).Build(model);
    }
}
