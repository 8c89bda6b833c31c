namespace Palate.Llm;

/// <summary>What a report is about.</summary>
public sealed record LedgerQuery
{
    /// <summary>From here, cut down to the hour; null for the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Up to here and not including it, cut down to the hour; null for the end.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this pipeline; null for all.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Only this tenant; null for all.</summary>
    public string? Tenant { get; init; }

    /// <summary>By what to add up.</summary>
    /// <value>The default is by day, pipeline, variant and model.</value>
    public LedgerGrouping By { get; init; } =
        LedgerGrouping.Day | LedgerGrouping.Pipeline | LedgerGrouping.Variant | LedgerGrouping.Model;
}
