using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>The usual chain of decorators; what is null is left out.</summary>
public sealed class CallChainOptions
{
    /// <summary>The cache of whole replies.</summary>
    public ReplyCache? Cache { get; init; }

    /// <summary>Whether equal calls at the same time share one.</summary>
    /// <value>The default is true.</value>
    public bool ShareEqualCalls { get; init; } = true;

    /// <summary>How long a failing model is left alone at first, 10 milliseconds to 1 hour; null to ask it on.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan? Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without a reply (streamed: without its first piece) a second call races; null for never.</summary>
    public TimeSpan? HedgeAfter { get; init; }

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
        _ = Cache is null ? chain : chain.Cache(Cache);
        _ = ShareEqualCalls ? chain.ShareEqualCalls() : chain;
        _ = Break is { } first ? chain.Break(first) : chain;
        _ = HedgeAfter is { } after ? chain.Hedge(after) : chain;
        _ = Retry is null ? chain : chain.Retry(Retry);
        _ = Limits is null ? chain : chain.Limit(new CallLimiter(Limits, time));
        _ = Spend is null ? chain : chain.Spend(Spend);
        return chain.TimeOut(Timeout).Build(model);
    }
}
