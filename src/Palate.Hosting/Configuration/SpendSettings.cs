using Palate.Llm;

namespace Palate.Hosting;

/// <summary>How much money a pipeline may spend on models.</summary>
internal sealed record SpendSettings
{
    /// <summary>The pipeline; absent for all of them together.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The tenant; absent for all of them together.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether each tenant may spend this much; <c>tenant</c> is absent then.</summary>
    public bool EachTenant { get; init; }

    /// <summary>Until when it is counted: <c>hour</c>, <c>day</c> or <c>month</c>, in UTC.</summary>
    /// <value>The default is <c>day</c>.</value>
    public SpendPeriod Per { get; init; } = SpendPeriod.Day;

    /// <summary>From this many dollars on nothing more is spent until the period ends.</summary>
    public decimal Dollars { get; init; }

    /// <summary>From this many dollars on a running host warns in its log, once a period; absent for never.</summary>
    public decimal? SoftDollars { get; init; }
}
