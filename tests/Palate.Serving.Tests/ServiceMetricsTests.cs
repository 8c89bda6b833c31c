using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Palate.Serving.Tests;

public sealed class ServiceMetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_route_mode_and_status()
    {
        var counted = new ConcurrentQueue<string>();
        var seconds = new ConcurrentQueue<double>();
        FakeStore store = new FakeStore().Publish("metered");
        await using TestService service = await TestService.StartAsync(store);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ServiceMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            counted.Enqueue($"{value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds.Enqueue(value));
        listener.Start();

        await service.PostAsync("/recommend", """{"user_id":"1"}""");
        await service.GetAsync("/recommend?user_id=1&top_k=zero");
        await service.GetAsync("/nowhere-at-all");
        await service.DisposeAsync();

        // Other tests of this process are counted by the same meter name, so these are among others.
        Assert.Contains("1 route=/recommend mode=full status=200", counted);
        Assert.Contains("1 route=/recommend mode=none status=400", counted);
        Assert.Contains("1 route=none mode=none status=404", counted);
        Assert.All(seconds, value => Assert.InRange(value, 0, 60));
    }
}
