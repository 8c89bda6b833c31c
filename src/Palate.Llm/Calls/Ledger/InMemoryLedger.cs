namespace Palate.Llm;

/// <summary>A ledger that ends with the process. It keeps sums by the hour, not the entries.</summary>
public sealed class InMemoryLedger : ILedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LedgerTotal> _totals = [];

    private readonly record struct Key(
        long Hour, string Pipeline, string Variant, string Model, string Tenant, string Purpose);

    /// <inheritdoc/>
    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var key = new Key(
            Hour(entry.Time), entry.Pipeline, entry.Variant, entry.Model, entry.Tenant, entry.Purpose);
        var line = new LedgerTotal
        {
            Calls = 1,
            Failed = entry.Outcome == LedgerOutcome.Failed ? 1 : 0,
            Cancelled = entry.Outcome == LedgerOutcome.Cancelled ? 1 : 0,
            Hedged = entry.IsHedge ? 1 : 0,
            Retried = entry.Attempt > 0 ? 1 : 0,
            Estimated = entry.IsEstimated ? 1 : 0,
            Unpriced = entry.IsPriced ? 0 : 1,
            Usage = entry.Usage,
            Cost = entry.Cost,
            EstimatedCost = entry.IsEstimated ? entry.Cost : Money.Zero,
        };
        lock (_lock)
        {
            _totals[key] = _totals.TryGetValue(key, out LedgerTotal? sum) ? sum.Plus(line) : line;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LedgerTotal> Report(LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        KeyValuePair<Key, LedgerTotal>[] all;
        lock (_lock)
        {
            all = [.. _totals];
        }

        long from = query.From is { } first ? Hour(first) : long.MinValue;
        long to = query.To is { } last ? Hour(last) : long.MaxValue;
        return [.. all
            .Where(line => line.Key.Hour >= from && line.Key.Hour < to
                && (query.Pipeline is null || query.Pipeline == line.Key.Pipeline)
                && (query.Tenant is null || query.Tenant == line.Key.Tenant))
            .Select(line => Named(line.Key, line.Value, query.By))
            .GroupBy(line => (line.Day, line.Pipeline, line.Variant, line.Model, line.Tenant, line.Purpose))
            .Select(group => group.Aggregate((sum, line) => sum.Plus(line)))
            .OrderBy(line => line.Day)
            .ThenBy(line => line.Pipeline, StringComparer.Ordinal)
            .ThenBy(line => line.Variant, StringComparer.Ordinal)
            .ThenBy(line => line.Model, StringComparer.Ordinal)
            .ThenBy(line => line.Tenant, StringComparer.Ordinal)
            .ThenBy(line => line.Purpose, StringComparer.Ordinal)];
    }

    private static long Hour(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeSeconds() / 3600.0);

    private static LedgerTotal Named(Key key, LedgerTotal line, LedgerGrouping by) => line with
    {
        Day = by.HasFlag(LedgerGrouping.Day)
            ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(key.Hour * 3600).UtcDateTime)
            : null,
        Pipeline = by.HasFlag(LedgerGrouping.Pipeline) ? key.Pipeline : null,
        Variant = by.HasFlag(LedgerGrouping.Variant) ? key.Variant : null,
        Model = by.HasFlag(LedgerGrouping.Model) ? key.Model : null,
        Tenant = by.HasFlag(LedgerGrouping.Tenant) ? key.Tenant : null,
        Purpose = by.HasFlag(LedgerGrouping.Purpose) ? key.Purpose : null,
    };
}
