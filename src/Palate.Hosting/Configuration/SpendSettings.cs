namespace Palate.Hosting;

/// <summary>How much money a pipeline may spend on models.</summary>
public sealed record SpendSettings
{
    /// <summary>The pipeline; absent for all of them together.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The tenant; absent for all of them together.</summary>
    public string? Tenant { get; init; }

    /// <summary>Until when it is counted: <c>hour</c>, <c>day</c> or <c>month</c>, in UTC.</summary>
    /// <value>The default is <c>day</c>.</value>
    public string Per { get; init; } = "day";

    /// <summary>From this many dollars on nothing more is spent until the period ends.</summary>
    public decimal Dollars { get; init; }

    /// <summary>From this many dollars on it is reported; absent for never.</summary>
    public decimal? SoftDollars { get; init; }
}
