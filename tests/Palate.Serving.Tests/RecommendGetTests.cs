using System.Net;
using System.Text.Json;

namespace Palate.Serving.Tests;

public sealed class RecommendGetTests
{
    [Fact]
    public async Task Get_answers_with_the_short_shape_and_string_ids()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        using HttpResponseMessage response =
            await service.Client.GetAsync(new Uri("/recommend?user_id=123&top_k=5", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.NotNull(response.Content.Headers.ContentLength);
        Assert.Equal(
            """
            {"user_id":"123","recommendations":["1","2","3","4","5"],"status":"success",
            "metadata":{"model_version":"g1","mode":"full","reason_code":"complete","reason":"Every stage ran."}}
            """.ReplaceLineEndings(""),
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ten_items_are_the_default_and_topk_means_the_same_as_top_k()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (_, JsonElement byDefault, _) = await service.GetAsync("/recommend?user_id=a%20b%2Fc");
        (_, JsonElement spelled, _) = await service.GetAsync("/recommend?topk=3&user_id=1");

        Assert.Equal("a b/c", byDefault.GetProperty("user_id").GetString());
        Assert.Equal(10, byDefault.GetProperty("recommendations").GetArrayLength());
        Assert.Equal(3, spelled.GetProperty("recommendations").GetArrayLength());
    }

    [Theory]
    [InlineData("user_id=1&top_k=abc", "top_k", "'abc'")]
    [InlineData("user_id=1&top_k=", "top_k", "''")]
    [InlineData("user_id=1&top_k=0", "top_k", "0")]
    [InlineData("user_id=1&topk=1001", "topk", "1001")]
    [InlineData("user_id=1&top_k=99999999999999999999", "top_k", "99999999999999999999")]
    [InlineData("user_id=1&top_k=5&topk=5", "topk", "twice")]
    [InlineData("user_id=1&user_id=2", "user_id", "twice")]
    [InlineData("top_k=5", "user_id", "missing")]
    [InlineData("user_id=", "user_id", "missing")]
    [InlineData("user_id=1&count=5", "count", "top_k")]
    public async Task A_bad_parameter_is_named(string query, string parameter, string words)
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        (HttpStatusCode status, JsonElement problem, string? type) = await service.GetAsync($"/recommend?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("application/problem+json", type);
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal("Bad Request", problem.GetProperty("title").GetString());
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_the_engine_refuses_is_named_too()
    {
        FakeStore store = new FakeStore().Publish("g1", (request, _) =>
            throw new InvalidRequestException("pipeline", $"There is no pipeline '{request.Pipeline}'."));
        await using TestService service = await TestService.StartAsync(store);

        (HttpStatusCode status, JsonElement problem, _) = await service.GetAsync("/recommend?user_id=1&pipeline=x");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("pipeline", problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Answers_that_come_later_are_written_the_same()
    {
        FakeStore store = new FakeStore().Publish("g1", async (request, _) =>
        {
            await Task.Yield();
            return FakeStore.Answer("g1", request);
        });
        await using TestService service = await TestService.StartAsync(store);

        (HttpStatusCode status, JsonElement body, _) = await service.GetAsync("/recommend?user_id=1&top_k=2");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, body.GetProperty("recommendations").GetArrayLength());
    }

    [Fact]
    public async Task Many_at_once_get_their_own_answers()
    {
        await using TestService service = await TestService.StartAsync(new FakeStore().Publish("g1"));

        await Parallel.ForEachAsync(Enumerable.Range(1, 400), async (user, stop) =>
        {
            (_, JsonElement body, _) = await service.GetAsync($"/recommend?user_id={user}&top_k={(user % 50) + 1}");

            Assert.Equal($"{user}", body.GetProperty("user_id").GetString());
            Assert.Equal((user % 50) + 1, body.GetProperty("recommendations").GetArrayLength());
        });
    }

    [Fact]
    public async Task A_failure_inside_is_a_problem_without_its_cause()
    {
        FakeStore store = new FakeStore().Publish("g1", (_, _) => throw new InvalidOperationException("secret path"));
        await using TestService service = await TestService.StartAsync(store);

        (HttpStatusCode status, JsonElement problem, string? type) = await service.GetAsync("/recommend?user_id=1");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("application/problem+json", type);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_its_request()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        FakeStore store = new FakeStore().Publish("g1", async (request, stop) =>
        {
            began.SetResult();
            using CancellationTokenRegistration _ = stop.Register(cancelled.SetResult);
            await cancelled.Task;
            stop.ThrowIfCancellationRequested();
            return FakeStore.Answer("g1", request);
        });
        await using TestService service = await TestService.StartAsync(store);
        using var leave = new CancellationTokenSource();

        Task<HttpResponseMessage> asked =
            service.Client.GetAsync(new Uri("/recommend?user_id=1", UriKind.Relative), leave.Token);
        await began.Task;
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(cancelled.Task.IsCompletedSuccessfully);
    }
}
