namespace Palate.Llm;

/// <summary>Keeps what is spent within limits by the hour, day and month.</summary>
/// <remarks>
/// Safe to use from any thread. What a call can cost at most is reserved before it is sent, so calls that run at once
/// cannot together go beyond a hard limit. A call counts in the period in which it began. What was spent before this
/// process started is read from the ledger when a limit is first used; several processes that run at once see each
/// other's spending only then.
/// </remarks>
public sealed class SpendLimits
{
    private readonly Lock _lock = new();
    private readonly SpendLimit[] _limits;
    private readonly ILedger _ledger;
    private readonly Dictionary<(int Limit, string Tenant), Window> _windows = [];

    /// <summary>These limits, with what the ledger says was spent already.</summary>
    /// <exception cref="ArgumentException">A limit is wrong in itself.</exception>
    public SpendLimits(IEnumerable<SpendLimit> limits, ILedger ledger)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(ledger);
        _limits = [.. limits];
        _ledger = ledger;
        foreach (SpendLimit limit in _limits)
        {
            limit.Validate();
        }
    }

    /// <summary>Called once a period and limit, with what is spent, when a soft limit is reached; must be quick.</summary>
    public Action<SpendLimit, Money>? SoftLimitReached { get; init; }

    /// <summary>Reserves what a call can cost at most in every limit that it falls under.</summary>
    /// <returns>What to give to <see cref="Settle"/>; null when there is no such limit.</returns>
    /// <exception cref="BudgetExceededException">A hard limit is in the way; nothing is reserved.</exception>
    internal Reservation? Reserve(string pipeline, string tenant, Money most, DateTimeOffset now)
    {
        List<Window>? windows = null;
        lock (_lock)
        {
            for (int index = 0; index < _limits.Length; index++)
            {
                SpendLimit limit = _limits[index];
                if ((limit.Pipeline is null || limit.Pipeline == pipeline)
                    && (limit.Tenant is null || limit.Tenant == tenant))
                {
                    Window window = WindowOf(index, limit.EachTenant ? tenant : "", now);
                    if (limit.HardMicroDollars is { } hard
                        && window.Spent + window.Reserved + most > Money.FromMicroDollars(hard))
                    {
                        throw Exceeded(limit, window, most, now);
                    }

                    (windows ??= []).Add(window);
                }
            }

            foreach (Window window in windows ?? [])
            {
                window.Reserved += most;
            }
        }

        return windows is null ? null : new Reservation(windows, most);
    }

    /// <summary>Replaces what a call reserved by what it cost.</summary>
    internal void Settle(Reservation reservation, Money cost)
    {
        List<(SpendLimit, Money)>? soft = null;
        lock (_lock)
        {
            foreach (Window window in reservation.Windows)
            {
                window.Reserved -= reservation.Most;
                window.Spent += cost;
                if (!window.SoftTold && window.Limit.SoftMicroDollars is { } limit
                    && window.Spent >= Money.FromMicroDollars(limit))
                {
                    window.SoftTold = true;
                    (soft ??= []).Add((window.Limit, window.Spent));
                }

                if (window.Limit.HardMicroDollars is { } hard)
                {
                    LlmMetrics.BudgetRemaining(window.Limit, Money.FromMicroDollars(hard) - window.Spent);
                }
            }
        }

        foreach ((SpendLimit limit, Money spent) in soft ?? [])
        {
            LlmMetrics.SoftLimit(limit);
            SoftLimitReached?.Invoke(limit, spent);
        }
    }

    private static BudgetExceededException Exceeded(SpendLimit limit, Window window, Money most, DateTimeOffset now)
    {
        LlmMetrics.HardLimit(limit);
        TimeSpan resets = End(limit.Per, window.Start) - now;
        return new BudgetExceededException(
            FormattableString.Invariant(
                $"The call may cost {most}, but the limit of {Money.FromMicroDollars(limit.HardMicroDollars ?? 0)} {limit.Name} has {window.Spent} spent and {window.Reserved} reserved; wait {Math.Ceiling(resets.TotalMinutes)} minutes, or raise it."),
            resets);
    }

    private Window WindowOf(int index, string tenant, DateTimeOffset now)
    {
        SpendLimit limit = _limits[index];
        DateTimeOffset start = Start(limit.Per, now);
        if (!_windows.TryGetValue((index, tenant), out Window? window))
        {
            window = new Window(limit, start) { Spent = SpentBefore(limit, tenant, start) };
            _windows[(index, tenant)] = window;
        }
        else if (start > window.Start)
        {
            window = new Window(limit, start);
            _windows[(index, tenant)] = window;
        }

        return window;
    }

    private Money SpentBefore(SpendLimit limit, string tenant, DateTimeOffset start)
    {
        var query = new LedgerQuery
        {
            From = start,
            Pipeline = limit.Pipeline,
            Tenant = limit.EachTenant ? tenant : limit.Tenant,
            By = LedgerGrouping.None,
        };
        try
        {
            return _ledger.Report(query).Aggregate(Money.Zero, (sum, line) => sum + line.Cost);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Money that cannot be counted is not spent.
            throw new BudgetExceededException(
                $"The ledger cannot say what was spent under the limit {limit.Name} ({e.GetType().Name}), so no call is "
                + "sent; mend the store.");
        }
    }

    private static DateTimeOffset Start(SpendPeriod per, DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return per switch
        {
            SpendPeriod.Hour => new DateTimeOffset(utc.Date.AddHours(utc.Hour), TimeSpan.Zero),
            SpendPeriod.Day => new DateTimeOffset(utc.Date, TimeSpan.Zero),
            _ => new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero),
        };
    }

    private static DateTimeOffset End(SpendPeriod per, DateTimeOffset start) => per switch
    {
        SpendPeriod.Hour => start.AddHours(1),
        SpendPeriod.Day => start.AddDays(1),
        _ => start.AddMonths(1),
    };

    internal sealed record Reservation(List<Window> Windows, Money Most);

    internal sealed class Window(SpendLimit limit, DateTimeOffset start)
    {
        public SpendLimit Limit { get; } = limit;

        public DateTimeOffset Start { get; } = start;

        public Money Spent { get; set; }

        public Money Reserved { get; set; }

        public bool SoftTold { get; set; }
    }
}
