namespace Palate.Llm;

/// <summary>Remembers which prompt prefixes were sent where, so that the next call with the same one finds it cached.</summary>
/// <remarks>
/// Safe to use from any thread. Tenants never share a prefix here. Neither keys nor salts hold text: they are hashes,
/// salted with a secret of the installation. What is expected is compared with what the provider reports on the
/// counters <c>llm_prefix_expected_tokens_total</c> and <c>llm_prefix_reported_tokens_total</c>.
/// </remarks>
public sealed class PrefixPool
{
    private readonly Lock _lock = new();
    private readonly PrefixRules _rules;
    private readonly TimeProvider _time;
    private readonly string _secret;
    private readonly int _most;
    private readonly Dictionary<(string Tenant, string Hash), LinkedListNode<Prefix>> _prefixes = [];
    private readonly LinkedList<Prefix> _order = new();
    private readonly Prefix?[] _slots;

    /// <summary>An empty pool.</summary>
    /// <param name="rules">The provider's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="secret">Makes keys and salts of this installation unlike those of others; may be empty.</param>
    /// <param name="most">So many prefixes are remembered.</param>
    public PrefixPool(PrefixRules rules, TimeProvider time, string secret = "", int most = 10_000)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        rules.Validate();
        _rules = rules;
        _time = time;
        _secret = secret;
        _most = most;
        _slots = new Prefix?[rules.Slots];
    }

    /// <summary>Prefixes that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _prefixes.Count;
            }
        }
    }

    /// <summary>Gives a call its key, slot and salt, and says how many tokens should be cached.</summary>
    /// <param name="context">The call's; without <see cref="CallContext.PrefixHash"/> only the salt is set.</param>
    /// <param name="prefixTokens">The estimated tokens of the prefix.</param>
    public CallContext Apply(CallContext context, int prefixTokens)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(prefixTokens);
        string? salt = _rules.Salted && context.Tenant.Length > 0
            ? RequestKey.Of("salt", _secret, context.Tenant)[..32]
            : null;
        if (context.PrefixHash.Length == 0)
        {
            return salt is null ? context : context with { CacheSalt = salt };
        }

        string? key;
        int? slot;
        int expected;
        lock (_lock)
        {
            Prefix prefix = Find(context.Tenant, context.PrefixHash);
            long now = _time.GetTimestamp();
            int shard = prefix.Shard(now, _time, _rules.CallsPerKey);
            key = _rules.CallsPerKey > 0 ? FormattableString.Invariant($"{prefix.Key}-{shard}") : null;
            slot = _rules.Slots > 0 ? SlotOf(prefix) : null;
            bool warm = prefix.IsWarm(shard, now, _time, _rules.Idle);
            expected = warm && context.EstimatedTokens >= _rules.MinimumTokens && prefixTokens >= _rules.MinimumTokens
                ? prefixTokens / _rules.Step * _rules.Step
                : 0;
            prefix.Use(shard, now);
        }

        return context with { PrefixKey = key, Slot = slot, CacheSalt = salt, ExpectedCachedTokens = expected };
    }

    /// <summary>Compares what was expected with what the provider reported.</summary>
    public static void Report(CallContext context, CallUsage usage)
    {
        ArgumentNullException.ThrowIfNull(context);
        LlmMetrics.Prefix(context.ExpectedCachedTokens, usage.CachedTokens);
    }

    private Prefix Find(string tenant, string hash)
    {
        if (_prefixes.TryGetValue((tenant, hash), out LinkedListNode<Prefix>? node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value;
        }

        var prefix = new Prefix(tenant, hash, "p" + RequestKey.Of("prefix", _secret, tenant, hash)[..24]);
        _prefixes[(tenant, hash)] = _order.AddFirst(prefix);
        if (_prefixes.Count > _most)
        {
            Prefix oldest = _order.Last!.Value;
            _order.RemoveLast();
            _prefixes.Remove((oldest.Tenant, oldest.Hash));
            if (oldest.Slot is { } slot)
            {
                _slots[slot] = null;
            }
        }

        return prefix;
    }

    // Its own slot, else a free one, else that of the prefix that was not used for the longest.
    private int SlotOf(Prefix prefix)
    {
        if (prefix.Slot is { } own)
        {
            return own;
        }

        int chosen = 0;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is not { } other)
            {
                chosen = slot;
                break;
            }

            if (other.LastUse < _slots[chosen]!.LastUse)
            {
                chosen = slot;
            }
        }

        _slots[chosen]?.LoseSlot();
        _slots[chosen] = prefix;
        prefix.Slot = chosen;
        return chosen;
    }

    private sealed class Prefix(string tenant, string hash, string key)
    {
        private readonly List<long> _lastUse = [];
        private long _minute = long.MinValue;
        private int _calls;

        public string Tenant { get; } = tenant;

        public string Hash { get; } = hash;

        public string Key { get; } = key;

        public int? Slot { get; set; }

        public long LastUse { get; private set; }

        // Calls beyond what a key may have in this minute go on to the next key.
        public int Shard(long now, TimeProvider time, int callsPerKey)
        {
            long minute = time.GetElapsedTime(0, now).Ticks / TimeSpan.TicksPerMinute;
            _calls = minute == _minute ? _calls + 1 : 0;
            _minute = minute;
            return callsPerKey > 0 ? _calls / callsPerKey : 0;
        }

        public bool IsWarm(int shard, long now, TimeProvider time, TimeSpan idle) =>
            shard < _lastUse.Count && time.GetElapsedTime(_lastUse[shard], now) < idle;

        public void Use(int shard, long now)
        {
            LastUse = now;
            while (_lastUse.Count <= shard)
            {
                _lastUse.Add(now);
            }

            _lastUse[shard] = now;
        }

        public void LoseSlot()
        {
            Slot = null;
            _lastUse.Clear();
        }
    }
}
