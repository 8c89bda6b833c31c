using System.ClientModel;
using System.Net;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class TimeoutTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_hangs_and_does_not_listen_is_left_behind_in_time(bool stream)
    {
        var model = new FakeModel(_ => new TaskCompletionSource<ChatResponse>().Task);
        IChatClient client = Client(model, 80);
        Task call = stream ? client.Streamed() : client.Reply();

        _time.Advance(79);
        Assert.False(call.IsCompleted);
        _time.Advance(1);

        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => call)).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_requests_deadline_ends_a_call_a_little_earlier(bool stream)
    {
        IChatClient client = Client(new FakeModel(call => FakeModel.Hang(call.Stop)), 80);
        var context = new CallContext { Deadline = _time.In(50) };
        Task call = stream ? client.Streamed(context: context) : client.Reply(context: context);

        _time.Advance(45);

        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => call)).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_short_time_is_not_eaten_up_by_the_margin(bool stream)
    {
        IChatClient client = Client(new FakeModel(call => FakeModel.Hang(call.Stop)), 80);
        var context = new CallContext { Deadline = _time.In(10) };
        Task call = stream ? client.Streamed(context: context) : client.Reply(context: context);

        _time.Advance(8.9);
        Assert.False(call.IsCompleted);
        _time.Advance(.1);

        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => call)).Kind);
    }

    [Fact]
    public async Task A_call_after_the_deadline_is_not_sent()
    {
        var model = new FakeModel();

        ModelCallException e = await Ask.Fails(
            () => Client(model, 80).Reply(context: new() { Deadline = _time.In(0) }));

        Assert.Equal((true, 0), (e.NothingSent, model.Calls));
    }

    [Fact]
    public async Task A_dripping_stream_ends_in_time_and_what_came_counts()
    {
        IChatClient client = Client(new FakeModel { Stream = Drip }, 80);
        string read = "";
        Task call = Task.Run(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("x"))
            {
                read += update.Text;
            }
        });

        await Ask.Until(() => read == "a" && _time.Pending == 2);
        _time.Advance(50);
        await Ask.Until(() => read == "aa" && _time.Pending == 2);
        _time.Advance(50);

        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => call)).Kind);
        Assert.Equal("aa", read);

        async IAsyncEnumerable<ChatResponseUpdate> Drip(FakeCall call)
        {
            while (true)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "a");
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_a_cancellation_and_no_failure()
    {
        using var stop = new CancellationTokenSource();
        Task<ChatResponse> call = Client(new FakeModel(_ => new TaskCompletionSource<ChatResponse>().Task), 80)
            .Reply(stop: stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    public static TheoryData<Exception, ModelCallFailure> Foreign => new()
    {
        { new HttpRequestException("sk-secret", null, HttpStatusCode.Unauthorized), ModelCallFailure.Rejected },
        { new HttpRequestException("sk-secret", null, HttpStatusCode.Forbidden), ModelCallFailure.Rejected },
        { new HttpRequestException("sk-secret", null, HttpStatusCode.TooManyRequests), ModelCallFailure.RateLimited },
        { new HttpRequestException("sk-secret", null, HttpStatusCode.BadGateway), ModelCallFailure.Server },
        { new HttpRequestException("sk-secret", null, HttpStatusCode.NotFound), ModelCallFailure.Invalid },
        { new HttpRequestException(HttpRequestError.ConnectionError, "sk-secret"), ModelCallFailure.Network },
        { new ClientResultException("sk-secret"), ModelCallFailure.Network },
        { new IOException("sk-secret"), ModelCallFailure.Network },
        { new TaskCanceledException("sk-secret"), ModelCallFailure.Timeout },
        { new System.Text.Json.JsonException("sk-secret"), ModelCallFailure.Malformed },
        { new ArgumentException("sk-secret"), ModelCallFailure.Invalid },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Foreign_exceptions_get_a_type_and_lose_their_secrets(Exception foreign, ModelCallFailure kind)
    {
        IChatClient client = Client(new FakeModel(_ => throw foreign), 80);

        foreach (Func<Task> call in (Func<Task>[])[() => client.Reply("my prompt"), () => client.Streamed("my prompt")])
        {
            ModelCallException e = await Ask.Fails(call);

            Assert.Equal(kind, e.Kind);
            Assert.DoesNotContain("sk-secret", e.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("my prompt", e.ToString(), StringComparison.Ordinal);
        }
    }

    private IChatClient Client(FakeModel model, double milliseconds) => new CallChain(_time)
        .TimeOut(new TimeoutOptions { PerCall = TimeSpan.FromMilliseconds(milliseconds), Margin = TimeSpan.FromMilliseconds(5) })
        .Build(model);
}
