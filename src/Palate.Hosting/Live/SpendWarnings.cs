using Microsoft.Extensions.Logging;
using Palate.Llm;

namespace Palate.Hosting;

/// <summary>Writes in the log that a limit on spending comes near.</summary>
internal sealed partial class SpendWarnings(ILogger<SpendWarnings> logger)
{
    private readonly ILogger<SpendWarnings> _logger = logger;

    /// <summary>Is called once a period and limit.</summary>
    public void Warn(SpendLimit limit, Money spent) => LogNear(
        spent.Dollars, limit.Per, limit.Pipeline ?? "all pipelines", limit.Tenant ?? "all tenants", limit.HardMicroDollars / 1_000_000m);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Dollars} dollars were spent this {Per} ({Pipeline}, {Tenant}); nothing more is asked from {Limit} dollars on")]
    private partial void LogNear(decimal dollars, SpendPeriod per, string pipeline, string tenant, decimal? limit);
}
