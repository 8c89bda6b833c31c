using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Palate.Serving;

/// <summary>The numbers of the service, under the meter <c>Palate.Serving</c>.</summary>
/// <remarks>
/// <c>palate.requests</c> counts and <c>palate.request.duration</c> measures in seconds, both by route, mode and
/// status. Nothing is computed while nobody listens.
/// </remarks>
internal sealed class ServiceMetrics
{
    public const string MeterName = "Palate.Serving";

    private static readonly object ModeKey = new();
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    /// <summary>The numbers of one service.</summary>
    /// <param name="meters">Makes the meter, and disposes it with the host.</param>
    public ServiceMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("palate.requests", "{request}", "Requests that were answered.");
        _duration = meter.CreateHistogram<double>(
            "palate.request.duration",
            "s",
            "Time from the first byte of a request to the last of its answer.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
            });
    }

    private bool IsEnabled => _requests.Enabled || _duration.Enabled;

    /// <summary>Remembers how a recommendation came about until the request is counted.</summary>
    public void SetMode(HttpContext context, string mode)
    {
        if (IsEnabled)
        {
            context.Items[ModeKey] = mode;
        }
    }

    /// <summary>Counts one finished request.</summary>
    public void Count(HttpContext context, string route, TimeSpan elapsed)
    {
        if (!IsEnabled)
        {
            return;
        }

        var tags = new TagList
        {
            { "route", route },
            { "mode", context.Items[ModeKey] as string ?? "none" },
            { "status", context.Response.StatusCode.ToString(CultureInfo.InvariantCulture) },
        };
        _requests.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }
}
