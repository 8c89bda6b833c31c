namespace Palate.Llm;

/// <summary>A line of a report: the sum of the entries that agree in what the report groups by.</summary>
public sealed record LedgerTotal
{
    /// <summary>The day, UTC; null when the report does not group by it.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The pipeline; null when the report does not group by it.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The variant; null when the report does not group by it.</summary>
    public string? Variant { get; init; }

    /// <summary>The model; null when the report does not group by it.</summary>
    public string? Model { get; init; }

    /// <summary>The tenant; null when the report does not group by it.</summary>
    public string? Tenant { get; init; }

    /// <summary>What the calls were for; null when the report does not group by it.</summary>
    public string? Purpose { get; init; }

    /// <summary>How many calls were sent.</summary>
    public long Calls { get; init; }

    /// <summary>How many of them failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many of them were cancelled or stopped.</summary>
    public long Cancelled { get; init; }

    /// <summary>How many of them raced a slow one.</summary>
    public long Hedged { get; init; }

    /// <summary>How many of them were tried before.</summary>
    public long Retried { get; init; }

    /// <summary>How many of them have estimated usage.</summary>
    public long Estimated { get; init; }

    /// <summary>How many of them have a model without a price.</summary>
    public long Unpriced { get; init; }

    /// <summary>What they used.</summary>
    public CallUsage Usage { get; init; }

    /// <summary>What they cost, exactly; estimated calls included.</summary>
    public Money Cost { get; init; }

    /// <summary>The part of <see cref="Cost"/> that is estimated.</summary>
    public Money EstimatedCost { get; init; }

    /// <summary>The sum of two lines, with this line's names.</summary>
    internal LedgerTotal Plus(LedgerTotal other) => this with
    {
        Calls = Calls + other.Calls,
        Failed = Failed + other.Failed,
        Cancelled = Cancelled + other.Cancelled,
        Hedged = Hedged + other.Hedged,
        Retried = Retried + other.Retried,
        Estimated = Estimated + other.Estimated,
        Unpriced = Unpriced + other.Unpriced,
        Usage = Usage + other.Usage,
        Cost = Cost + other.Cost,
        EstimatedCost = EstimatedCost + other.EstimatedCost,
    };
}
