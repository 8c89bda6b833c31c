using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class HedgeTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly List<(FakeCall Call, TaskCompletionSource<ChatResponse> Reply)> _open = [];
    private readonly FakeModel _model;

    public HedgeTests() => _model = new FakeModel(call =>
    {
        var reply = new TaskCompletionSource<ChatResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Stop.Register(() => reply.TrySetCanceled(call.Stop));
        _open.Add((call, reply));
        return reply.Task;
    });

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_call_is_raced_and_the_faster_reply_counts(bool stream)
    {
        IChatClient client = Client();
        Task<string> call = Call(client, stream);
        _time.Advance(99);
        Assert.Single(_open);
        _time.Advance(1);
        await Ask.Until(() => _open.Count == 2);

        _open[1].Reply.SetResult(FakeModel.Reply("second"));

        Assert.Equal("second", await call);
        await Ask.Until(() => _open[0].Call.Stop.IsCancellationRequested);
        Assert.Equal((false, true), (_open[0].Call.Context.IsHedge, _open[1].Call.Context.IsHedge));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_may_still_win(bool stream)
    {
        Task<string> call = Call(Client(), stream);
        _time.Advance(100);
        await Ask.Until(() => _open.Count == 2);

        _open[0].Reply.SetResult(FakeModel.Reply("first"));

        Assert.Equal("first", await call);
        await Ask.Until(() => _open[1].Call.Stop.IsCancellationRequested);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_call_without_money_does_not_end_the_first(bool stream)
    {
        Task<string> call = Call(Client(), stream);
        _time.Advance(100);
        await Ask.Until(() => _open.Count == 2);
        _open[1].Reply.SetException(new BudgetExceededException("no money"));

        _open[0].Reply.SetResult(FakeModel.Reply("first"));

        Assert.Equal("first", await call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_both_fail_the_first_failure_is_told(bool stream)
    {
        Task<string> call = Call(Client(), stream);
        _time.Advance(100);
        await Ask.Until(() => _open.Count == 2);
        _open[1].Reply.SetException(new ModelCallException(ModelCallFailure.Server, "second"));
        _open[0].Reply.SetException(new ModelCallException(ModelCallFailure.Network, "first"));

        Assert.Equal(ModelCallFailure.Network, (await Ask.Fails(() => call)).Kind);
    }

    [Fact]
    public async Task A_quick_call_is_alone()
    {
        Task<string> call = Call(Client(), stream: false);
        _open[0].Reply.SetResult(FakeModel.Reply("first"));

        Assert.Equal("first", await call);
        _time.Advance(1000);
        Assert.Single(_open);
    }

    [Fact]
    public async Task No_second_call_is_sent_that_cannot_return_before_the_deadline()
    {
        Task<string> call = Call(Client(), stream: false, new() { Deadline = _time.In(100) });
        _time.Advance(200);
        _open[0].Reply.SetResult(FakeModel.Reply("first"));

        Assert.Equal("first", await call);
        Assert.Single(_open);
    }

    [Fact]
    public async Task No_more_than_the_share_is_raced()
    {
        IChatClient client = Client();
        for (int number = 0; number < 50; number++)
        {
            int before = _open.Count;
            Task<string> call = Call(client, stream: false);
            _time.Advance(100);
            await Ask.Until(() => _open.Count > before);
            for (int turn = 0; turn < 50; turn++)
            {
                await Task.Yield();
            }

            _open[before].Reply.SetResult(FakeModel.Reply("x"));
            await call;
        }

        // One to begin with, and a tenth of fifty.
        Assert.InRange(_open.Count(open => open.Call.Context.IsHedge), 4, 6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_cancels_both(bool stream)
    {
        using var stop = new CancellationTokenSource();
        Task<string> call = Call(Client(), stream, stop: stop.Token);
        _time.Advance(100);
        await Ask.Until(() => _open.Count == 2);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Ask.Until(() => _open.All(open => open.Call.Stop.IsCancellationRequested));
    }

    private static async Task<string> Call(
        IChatClient client, bool stream, CallContext? context = null, CancellationToken stop = default) =>
        stream ? await client.Streamed(context: context, stop: stop) : (await client.Reply(context: context, stop: stop)).Text;

    private IChatClient Client() => new CallChain(_time).Hedge(TimeSpan.FromMilliseconds(100)).Build(_model);
}
