using System.Net;
using System.Text.Json;
using Palate.Hosting;

namespace Palate.Serving.Tests;

public sealed class LiveGenerationTests
{
    [Fact]
    public async Task A_published_generation_is_served_after_a_second()
    {
        var time = new ManualTime();
        FakeStore store = new FakeStore().Publish("g1");
        await using TestService service = await TestService.StartAsync(store, time);

        store.Publish("g2");
        (_, JsonElement before, _) = await service.GetAsync("/recommend?user_id=1");
        time.Advance(TimeSpan.FromSeconds(1));
        (_, JsonElement after, _) = await service.GetAsync("/recommend?user_id=1");

        Assert.Equal("g1", before.GetProperty("metadata").GetProperty("model_version").GetString());
        Assert.Equal("g2", after.GetProperty("metadata").GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task A_request_keeps_its_generation_across_a_swap()
    {
        var began = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        FakeStore store = new FakeStore().Publish("g1", async (request, _) =>
        {
            began.SetResult();
            await go.Task;
            return FakeStore.Answer("g1", request);
        });
        var time = new ManualTime();
        await using TestService service = await TestService.StartAsync(store, time);

        Task<(HttpStatusCode Status, JsonElement Body, string? Type)> asked = service.GetAsync("/recommend?user_id=1");
        await began.Task;
        store.Publish("g2");
        time.Advance(TimeSpan.FromSeconds(1));
        (_, JsonElement next, _) = await service.GetAsync("/recommend?user_id=1");
        go.SetResult();
        (HttpStatusCode status, JsonElement first, _) = await asked;

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("g1", first.GetProperty("metadata").GetProperty("model_version").GetString());
        Assert.Equal("g2", next.GetProperty("metadata").GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task A_damaged_generation_is_refused_and_the_old_one_goes_on()
    {
        var time = new ManualTime();
        FakeStore store = new FakeStore().Publish("g1");
        await using TestService service = await TestService.StartAsync(store, time);

        store.Publish("g2").Damaged.Add("g2");
        time.Advance(TimeSpan.FromSeconds(1));
        (HttpStatusCode answered, JsonElement body, _) = await service.GetAsync("/recommend?user_id=1");
        (HttpStatusCode ready, JsonElement health, _) = await service.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, answered);
        Assert.Equal("g1", body.GetProperty("metadata").GetProperty("model_version").GetString());
        Assert.Equal(HttpStatusCode.OK, ready);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("g2", health.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("ends too early", health.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_generation_is_tried_again_only_now_and_then()
    {
        var time = new ManualTime();
        FakeStore store = new FakeStore().Publish("g1");
        await using TestService service = await TestService.StartAsync(store, time);
        store.Publish("g2").Damaged.Add("g2");

        time.Advance(TimeSpan.FromSeconds(1));
        int once = store.Loads;
        time.Advance(LiveGeneration.RetryInterval - TimeSpan.FromSeconds(1));
        int still = store.Loads;
        time.Advance(TimeSpan.FromSeconds(1));
        int twice = store.Loads;
        store.Damaged.Clear();
        time.Advance(LiveGeneration.RetryInterval);

        Assert.Equal(once, still);
        Assert.Equal(once + 1, twice);
        Assert.Equal("g2", service.Live.Current?.Name);
        Assert.Null(service.Live.Trouble);
    }

    [Fact]
    public async Task A_rollback_to_the_generation_in_memory_ends_the_trouble()
    {
        var time = new ManualTime();
        FakeStore store = new FakeStore().Publish("g1");
        await using TestService service = await TestService.StartAsync(store, time);

        store.Publish("g2").Damaged.Add("g2");
        time.Advance(TimeSpan.FromSeconds(1));
        string? during = service.Live.Trouble;
        store.Current = "g1";
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(during);
        Assert.Null(service.Live.Trouble);
        Assert.Equal("g1", service.Live.Current?.Name);
    }

    [Fact]
    public async Task A_store_that_was_emptied_leaves_the_generation_in_memory_answering()
    {
        var time = new ManualTime();
        FakeStore store = new FakeStore().Publish("g1");
        await using TestService service = await TestService.StartAsync(store, time);

        store.Current = null;
        time.Advance(TimeSpan.FromSeconds(1));
        (HttpStatusCode answered, _, _) = await service.GetAsync("/recommend?user_id=1");
        (HttpStatusCode ready, JsonElement health, _) = await service.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, answered);
        Assert.Equal(HttpStatusCode.OK, ready);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
    }
}
