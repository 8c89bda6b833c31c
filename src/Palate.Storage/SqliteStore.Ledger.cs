using System.Globalization;
using System.Text;
using Palate.Llm;

namespace Palate.Storage;

public sealed partial class SqliteStore
{
    private const long MillisecondsPerHour = 3_600_000;

    /// <summary>How many entries the ledger has.</summary>
    public long LedgerEntries() => Use(connection => Count(connection, "ledger"));

    /// <summary>The ledger's last entries, latest first.</summary>
    /// <param name="count">At most so many; 1 or more.</param>
    public IReadOnlyList<LedgerEntry> LastLedgerEntries(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Use(connection =>
        {
            using var rows = new Statement(
                connection,
                "SELECT time, pipeline, variant, tenant, model, purpose, outcome, failure, attempt, hedge, input_tokens, "
                + "cached_tokens, cache_write_tokens, output_tokens, search_units, pico_dollars, estimated, priced, "
                + "latency_us FROM ledger ORDER BY id DESC LIMIT ?1");
            rows.Bind(1, count);
            var entries = new List<LedgerEntry>();
            while (rows.Step())
            {
                entries.Add(ReadEntry(rows));
            }

            return entries;
        });
    }

    /// <summary>Appends entries in one transaction.</summary>
    internal void AppendToLedger(IReadOnlyList<LedgerEntry> entries) => InTransaction(connection =>
    {
        using var insert = new Statement(
            connection,
            "INSERT INTO ledger (time, pipeline, variant, tenant, model, purpose, outcome, failure, attempt, hedge, "
            + "input_tokens, cached_tokens, cache_write_tokens, output_tokens, search_units, pico_dollars, estimated, "
            + "priced, latency_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
            + "?18, ?19)");
        foreach (LedgerEntry entry in entries)
        {
            insert.Bind(1, entry.Time.ToUnixTimeMilliseconds())
                .Bind(2, entry.Pipeline)
                .Bind(3, entry.Variant)
                .Bind(4, entry.Tenant)
                .Bind(5, entry.Model)
                .Bind(6, entry.Purpose)
                .Bind(7, (long)entry.Outcome)
                .Bind(8, entry.Failure?.ToString())
                .Bind(9, (long)entry.Attempt)
                .Bind(10, entry.IsHedge ? 1L : 0)
                .Bind(11, entry.Usage.InputTokens)
                .Bind(12, entry.Usage.CachedTokens)
                .Bind(13, entry.Usage.CacheWriteTokens)
                .Bind(14, entry.Usage.OutputTokens)
                .Bind(15, entry.Usage.SearchUnits)
                .Bind(16, entry.Cost.PicoDollars)
                .Bind(17, entry.IsEstimated ? 1L : 0)
                .Bind(18, entry.IsPriced ? 1L : 0)
                .Bind(19, (long)entry.Latency.TotalMicroseconds)
                .Run();
        }
    });

    /// <summary>Sums over the ledger.</summary>
    internal IReadOnlyList<LedgerTotal> ReportLedger(LedgerQuery query)
    {
        // The columns are named here and nowhere else; values only go in as parameters.
        (LedgerGrouping By, string Column)[] groups =
        [
            (LedgerGrouping.Day, "date(time / 1000, 'unixepoch')"),
            (LedgerGrouping.Pipeline, "pipeline"),
            (LedgerGrouping.Variant, "variant"),
            (LedgerGrouping.Model, "model"),
            (LedgerGrouping.Tenant, "tenant"),
            (LedgerGrouping.Purpose, "purpose"),
        ];
        string columns = string.Join(", ", groups.Select(group => query.By.HasFlag(group.By) ? group.Column : "NULL"));
        string by = string.Join(", ", groups.Where(group => query.By.HasFlag(group.By)).Select(group => group.Column));
        var sql = new StringBuilder("SELECT ").Append(columns).Append(
            ", count(*), sum(outcome = 1), sum(outcome = 2), sum(hedge), sum(attempt > 0), sum(estimated), sum(NOT priced), "
            + "sum(input_tokens), sum(cached_tokens), sum(cache_write_tokens), sum(output_tokens), sum(search_units), "
            + "sum(pico_dollars), sum(CASE WHEN estimated THEN pico_dollars ELSE 0 END) FROM ledger "
            + "WHERE time >= ?1 AND time < ?2 AND (?3 IS NULL OR pipeline = ?3) AND (?4 IS NULL OR tenant = ?4)");
        if (by.Length > 0)
        {
            sql.Append(" GROUP BY ").Append(by).Append(" ORDER BY ").Append(by);
        }

        return Use(connection =>
        {
            using var rows = new Statement(connection, sql.ToString());
            rows.Bind(1, query.From is { } from ? Hour(from) : long.MinValue)
                .Bind(2, query.To is { } to ? Hour(to) : long.MaxValue)
                .Bind(3, query.Pipeline)
                .Bind(4, query.Tenant);
            var totals = new List<LedgerTotal>();
            while (rows.Step())
            {
                LedgerTotal total = ReadTotal(rows);
                if (total.Calls > 0)
                {
                    totals.Add(total);
                }
            }

            return totals;
        });
    }

    private static long Hour(DateTimeOffset time) =>
        (long)Math.Floor(time.ToUnixTimeMilliseconds() / (double)MillisecondsPerHour) * MillisecondsPerHour;

    private static LedgerTotal ReadTotal(Statement rows) => new()
    {
        Day = rows.TextOrNull(0) is { } day ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null,
        Pipeline = rows.TextOrNull(1),
        Variant = rows.TextOrNull(2),
        Model = rows.TextOrNull(3),
        Tenant = rows.TextOrNull(4),
        Purpose = rows.TextOrNull(5),
        Calls = rows.Integer(6),
        Failed = rows.Integer(7),
        Cancelled = rows.Integer(8),
        Hedged = rows.Integer(9),
        Retried = rows.Integer(10),
        Estimated = rows.Integer(11),
        Unpriced = rows.Integer(12),
        Usage = new CallUsage(
            rows.Integer(13), rows.Integer(14), rows.Integer(15), rows.Integer(16), rows.Integer(17)),
        Cost = new Money(rows.Integer(18)),
        EstimatedCost = new Money(rows.Integer(19)),
    };

    private static LedgerEntry ReadEntry(Statement rows) => new()
    {
        Time = DateTimeOffset.FromUnixTimeMilliseconds(rows.Integer(0)),
        Pipeline = rows.Text(1),
        Variant = rows.Text(2),
        Tenant = rows.Text(3),
        Model = rows.Text(4),
        Purpose = rows.Text(5),
        Outcome = (LedgerOutcome)rows.Integer(6),
        Failure = rows.TextOrNull(7) is { } failure && Enum.TryParse(failure, out ModelCallFailure kind) ? kind : null,
        Attempt = (int)rows.Integer(8),
        IsHedge = rows.Integer(9) != 0,
        Usage = new CallUsage(
            rows.Integer(10), rows.Integer(11), rows.Integer(12), rows.Integer(13), rows.Integer(14)),
        Cost = new Money(rows.Integer(15)),
        IsEstimated = rows.Integer(16) != 0,
        IsPriced = rows.Integer(17) != 0,
        Latency = TimeSpan.FromMicroseconds(rows.Integer(18)),
    };
}
