using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Puts decorators around a chat client; what is added first is outermost.</summary>
/// <remarks>
/// <para>The usual order is that of <see cref="CallChainOptions"/>: cache, single flight, breaker, hedge, retry, limits,
/// spending, timeout. Spending is inside of hedge and retry on purpose: every attempt that is sent
/// is reserved and written down, also the one that lost or failed.</para>
/// <para>The timeout also gives foreign exceptions their type; a chain without it passes them on as they are.</para>
/// </remarks>
public sealed class CallChain
{
    private readonly TimeProvider _time;
    private readonly List<Func<IChatClient, IChatClient>> _links = [];

    /// <summary>An empty chain.</summary>
    public CallChain(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>Adds a decorator inside of those that were added before.</summary>
    public CallChain Use(Func<IChatClient, IChatClient> link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _links.Add(link);
        return this;
    }

    /// <summary>Answers from the cache what was answered before.</summary>
    public CallChain Cache(ReplyCache cache) => Use(inner => new CacheClient(inner, cache));

    /// <summary>Lets equal calls at the same time share one.</summary>
    public CallChain ShareEqualCalls() => Use(inner => new SingleFlightClient(inner));

    /// <summary>Leaves a failing model alone for a while; found again with <c>GetService&lt;Breaker&gt;()</c>.</summary>
    public CallChain Break(TimeSpan firstBreak) =>
        Use(inner => new BreakerClient(inner, new Breaker(firstBreak, _time, RequestKey.ModelOf(null, inner))));

    /// <summary>Races a call that has no reply after this long with a second one.</summary>
    public CallChain Hedge(TimeSpan after) => Use(inner => new HedgeClient(inner, after, _time));

    /// <summary>Tries failed calls again.</summary>
    public CallChain Retry(RetryOptions options) => Use(inner => new RetryClient(inner, options, _time));

    /// <summary>Keeps within limits; the limiter may be shared by several chains.</summary>
    public CallChain Limit(CallLimiter limiter) => Use(inner => new LimitClient(inner, limiter));

    /// <summary>Reserves, prices and writes down every call.</summary>
    public CallChain Spend(SpendOptions options) => Use(inner => new SpendClient(inner, options, _time));

    /// <summary>Ends calls in time, and gives every failure its type.</summary>
    public CallChain TimeOut(TimeoutOptions options) => Use(inner => new TimeoutClient(inner, options, _time));

    /// <summary>The client with all decorators around it; the outermost disposes all.</summary>
    /// <exception cref="ModelCallException">The model has no price, and such are refused.</exception>
    public IChatClient Build(IChatClient model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IChatClient client = model;
        for (int link = _links.Count - 1; link >= 0; link--)
        {
            client = _links[link](client);
        }

        return client;
    }
}
