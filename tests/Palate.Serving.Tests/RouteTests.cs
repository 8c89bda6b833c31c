using System.Net;
using System.Text.Json;

namespace Palate.Serving.Tests;

public sealed class RouteTests
{
    [Fact]
    public async Task An_unknown_route_is_a_404_problem()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement problem, string? type) = await service.GetAsync("/recommendations");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("application/problem+json", type);
        Assert.Contains("/recommendations", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_problem_that_says_which_are_right()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        using HttpResponseMessage response =
            await service.Client.DeleteAsync(new Uri("/recommend", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Live_answers_also_without_a_generation()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore());

        (HttpStatusCode status, JsonElement body, _) = await service.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("live", body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Ready_is_503_with_the_reason_until_a_generation_is_there()
    {
        var time = new ManualTime();
        var store = new FakeStore();
        await using TestService service = await TestService.StartAsync(store, time);

        (HttpStatusCode before, JsonElement reason, _) = await service.GetAsync("/health/ready");
        (HttpStatusCode asked, JsonElement problem, _) = await service.GetAsync("/recommend?user_id=1");
        store.Publish("g1");
        time.Advance(TimeSpan.FromSeconds(1));
        (HttpStatusCode after, JsonElement ready, _) = await service.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, before);
        Assert.Equal("not_ready", reason.GetProperty("status").GetString());
        Assert.Contains("palate train", reason.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked);
        Assert.Contains("palate train", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after);
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Equal("g1", ready.GetProperty("generation").GetString());
    }

    [Fact]
    public async Task Generations_are_listed_with_the_one_that_answers()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1").Publish("g2"));

        (HttpStatusCode status, JsonElement body, _) = await service.GetAsync("/generations");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("g2", body.GetProperty("serving").GetString());
        Assert.Equal("g2", body.GetProperty("current").GetString());
        Assert.Equal(
            ["g1", "g2"],
            body.GetProperty("generations").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("https://127.0.0.1:1", "reverse proxy")]
    [InlineData("8080", "http://127.0.0.1:8080")]
    [InlineData("http://", "http://127.0.0.1:8080")]
    public void An_address_that_cannot_be_listened_on_is_refused_at_once(string url, string words)
    {
        var options = new ServiceOptions { Urls = [url] };

        ArgumentException failure = Assert.Throws<ArgumentException>(
            () => PalateService.Build(options, palate => palate.Use(_ => new FakeStore().Feed)));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }
}
