using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class SingleFlightTests
{
    private readonly ManualTime _time = new();
    private readonly List<(FakeCall Call, TaskCompletionSource<ChatResponse> Reply)> _open = [];
    private readonly IChatClient _client;

    public SingleFlightTests() => _client = new CallChain(_time).ShareEqualCalls().Build(new FakeModel(call =>
    {
        var reply = new TaskCompletionSource<ChatResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Stop.Register(() => reply.TrySetCanceled(call.Stop));
        _open.Add((call, reply));
        return reply.Task;
    }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Equal_calls_at_the_same_time_are_one(bool stream)
    {
        Task<string>[] calls = [.. Enumerable.Range(0, 20).Select(_ => Call("same", stream)), Call("other", stream)];
        Assert.Equal(2, _open.Count);

        _open[0].Reply.SetResult(FakeModel.Reply("a b c"));
        _open[1].Reply.SetResult(FakeModel.Reply("d"));

        string[] replies = await Task.WhenAll(calls);
        Assert.All(replies[..20], reply => Assert.Equal("a b c", reply));
        Assert.Equal("d", replies[20]);
        _ = Call("same", stream);
        Assert.Equal(3, _open.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_who_leaves_does_not_cancel_the_others_and_the_last_one_does(bool stream)
    {
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        Task<string> first = Call("same", stream, stop: stopFirst.Token);
        Task<string> second = Call("same", stream, stop: stopSecond.Token);

        await stopFirst.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_open[0].Call.Stop.IsCancellationRequested);
        Task<string> third = Call("same", stream, stop: stopSecond.Token);
        Assert.Single(_open);
        await stopSecond.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        await Ask.Until(() => _open[0].Call.Stop.IsCancellationRequested);

        _ = Call("same", stream);
        Assert.Equal(2, _open.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_is_everybodys(bool stream)
    {
        Task<string> first = Call("same", stream);
        Task<string> second = Call("same", stream);
        _open[0].Reply.SetException(new ModelCallException(ModelCallFailure.Server, "500"));

        Assert.Equal(ModelCallFailure.Server, (await Ask.Fails(() => first)).Kind);
        Assert.Equal(ModelCallFailure.Server, (await Ask.Fails(() => second)).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Want_of_money_is_not(bool stream)
    {
        Task<string> first = Call("same", stream);
        Task<string> second = Call("same", stream);
        _open[0].Reply.SetException(new BudgetExceededException("no money"));
        await Ask.Fails(() => first);

        await Ask.Until(() => _open.Count == 2);
        _open[1].Reply.SetResult(FakeModel.Reply("mine"));

        Assert.Equal("mine", await second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_with_more_time_asks_again_when_the_shared_call_had_too_little(bool stream)
    {
        Task<string> first = Call("same", stream, new() { Deadline = _time.In(50) });
        Task<string> shorter = Call("same", stream, new() { Deadline = _time.In(40) });
        Task<string> longer = Call("same", stream, new() { Deadline = _time.In(60) });
        Assert.Single(_open);
        _open[0].Reply.SetException(new ModelCallException(ModelCallFailure.Timeout, "late"));

        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => first)).Kind);
        Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => shorter)).Kind);
        await Ask.Until(() => _open.Count == 2);
        _open[1].Reply.SetResult(FakeModel.Reply("in time"));
        Assert.Equal("in time", await longer);
    }

    [Fact]
    public void Tenants_repetitions_and_calls_without_cache_do_not_share()
    {
        _ = Call("same", stream: false, new() { Tenant = "a" });
        _ = Call("same", stream: false, new() { Tenant = "b" });
        _ = Call("same", stream: false, new() { Tenant = "b", Repeat = 1 });
        _ = Call("same", stream: false, new() { Tenant = "b", NoCache = true });

        Assert.Equal(4, _open.Count);
    }

    [Fact]
    public async Task Replies_can_be_changed_without_changing_anothers()
    {
        Task<ChatResponse> first = _client.Reply();
        Task<ChatResponse> second = _client.Reply();
        _open[0].Reply.SetResult(FakeModel.Reply("x"));

        (await first).Messages[0].Contents.Clear();
        (await first).Messages.Clear();

        Assert.Equal("x", (await second).Text);
    }

    private async Task<string> Call(
        string text, bool stream, CallContext? context = null, CancellationToken stop = default) =>
        stream ? await _client.Streamed(text, context, stop: stop) : (await _client.Reply(text, context, stop: stop)).Text;
}
