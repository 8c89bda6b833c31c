using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Palate.Llm;

/// <summary>The instruments of the meter <c>Palate.Llm</c>; each costs a check when nobody listens.</summary>
internal static class LlmMetrics
{
    public const string MeterName = "Palate.Llm";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("llm_tokens_total", "{token}");
    private static readonly Counter<double> Cost = Meter.CreateCounter<double>("llm_cost_usd_total", "{dollar}");
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("llm_calls_total", "{call}");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("llm_call_duration_seconds", "s");
    private static readonly Counter<long> CacheHits = Meter.CreateCounter<long>("cache_hits_total");
    private static readonly Counter<long> CacheMisses = Meter.CreateCounter<long>("cache_misses_total");
    private static readonly Counter<long> CacheFailures = Meter.CreateCounter<long>("cache_store_failures_total");
    private static readonly Counter<long> Shared = Meter.CreateCounter<long>("llm_shared_calls_total", "{call}");
    private static readonly Counter<long> Hedges = Meter.CreateCounter<long>("llm_hedges_total", "{call}");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("llm_retries_total", "{call}");
    private static readonly UpDownCounter<long> Queue = Meter.CreateUpDownCounter<long>("queue_size", "{call}");
    private static readonly Gauge<int> Circuit = Meter.CreateGauge<int>("circuit_state");
    private static readonly Gauge<double> Remaining = Meter.CreateGauge<double>("budget_remaining_usd", "{dollar}");
    private static readonly Counter<long> SoftLimits = Meter.CreateCounter<long>("budget_soft_limits_total");
    private static readonly Counter<long> HardLimits = Meter.CreateCounter<long>("budget_refusals_total", "{call}");
    private static readonly Counter<long> DroppedJudgments = Meter.CreateCounter<long>("llm_dropped_judgments_total", "{request}");
    private static readonly Counter<long> Rewrites = Meter.CreateCounter<long>("llm_rewrites_total", "{query}");

    public static void Call(LedgerEntry entry)
    {
        if (Calls.Enabled)
        {
            var tags = new TagList
            {
                { "model", entry.Model },
                { "outcome", entry.Failure?.ToString() ?? entry.Outcome.ToString() },
            };
            Calls.Add(1, tags);
        }

        if (Tokens.Enabled)
        {
            CallUsage usage = entry.Usage;
            Add(usage.InputTokens - usage.CachedTokens, "input", "false", entry.Model);
            Add(usage.CachedTokens, "input", "true", entry.Model);
            Add(usage.OutputTokens, "output", "false", entry.Model);
        }

        if (Cost.Enabled && entry.Cost.PicoDollars != 0)
        {
            Cost.Add((double)entry.Cost.Dollars, new KeyValuePair<string, object?>("model", entry.Model));
        }

        if (Duration.Enabled)
        {
            Duration.Record(entry.Latency.TotalSeconds, new KeyValuePair<string, object?>("model", entry.Model));
        }
    }

    public static void Hit(string cache) => Add(CacheHits, 1, "cache", cache);

    public static void Miss(string cache) => Add(CacheMisses, 1, "cache", cache);

    public static void CacheFailure(string cache) => Add(CacheFailures, 1, "cache", cache);

    public static void SharedCall() => Shared.Add(1);

    public static void Hedge() => Hedges.Add(1);

    public static void Retry(ModelCallFailure reason) => Add(Retries, 1, "reason", reason.ToString());

    public static void Queued(int change) => Queue.Add(change);

    /// <summary>0 closed, 1 half open, 2 open.</summary>
    public static void CircuitState(string model, BreakerState state) =>
        Circuit.Record((int)state, new KeyValuePair<string, object?>("model", model));

    public static void BudgetRemaining(SpendLimit limit, Money money)
    {
        if (Remaining.Enabled)
        {
            Remaining.Record((double)money.Dollars, new KeyValuePair<string, object?>("limit", limit.Name));
        }
    }

    public static void SoftLimit(SpendLimit limit) => Add(SoftLimits, 1, "limit", limit.Name);

    public static void HardLimit(SpendLimit limit) => Add(HardLimits, 1, "limit", limit.Name);

    public static void Rewritten(string by) => Add(Rewrites, 1, "by", by);

    public static void DroppedJudgment() => DroppedJudgments.Add(1);

    private static void Add(Counter<long> counter, long count, string tag, string value)
    {
        if (counter.Enabled)
        {
            counter.Add(count, new KeyValuePair<string, object?>(tag, value));
        }
    }

    private static void Add(long count, string direction, string cached, string model)
    {
        if (count != 0)
        {
            Tokens.Add(count, new TagList { { "direction", direction }, { "cached", cached }, { "model", model } });
        }
    }
}
