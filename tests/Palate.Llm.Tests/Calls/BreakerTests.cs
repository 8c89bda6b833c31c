using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class BreakerTests
{
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private bool _works;
    private TimeSpan _takes = Timeout.InfiniteTimeSpan;

    [Fact]
    public async Task It_opens_probes_and_closes()
    {
        (IChatClient client, FakeModel model) = Make();
        Breaker breaker = client.GetService<Breaker>()!;
        for (int call = 0; call < Breaker.MinimumCalls; call++)
        {
            await Ask.Fails(() => client.Reply());
        }

        Assert.Equal(BreakerState.Open, breaker.State);
        ModelCallException e = await Ask.Fails(() => client.Reply());
        Assert.Equal((ModelCallFailure.BreakerOpen, TimeSpan.FromSeconds(5)), (e.Kind, e.RetryAfter));
        Assert.Equal(Breaker.MinimumCalls, model.Calls);

        _time.Advance(5000);
        Assert.Equal((BreakerState.HalfOpen, true), (breaker.State, breaker.WouldAllow));
        _works = true;
        await client.Reply();
        Assert.Equal(BreakerState.Closed, breaker.State);
        await client.Reply();
        Assert.Equal(Breaker.MinimumCalls + 2, model.Calls);
    }

    [Fact]
    public async Task A_probe_that_fails_doubles_the_break_up_to_the_longest()
    {
        (IChatClient client, FakeModel model) = Make();
        await Open(client);

        foreach (int seconds in (int[])[5, 10, 20, 40, 60, 60])
        {
            _time.Advance((seconds * 1000) - 1);
            Assert.Equal(ModelCallFailure.BreakerOpen, (await Ask.Fails(() => client.Reply())).Kind);
            _time.Advance(1);
            Assert.Equal(ModelCallFailure.Server, (await Ask.Fails(() => client.Reply())).Kind);
        }

        Assert.Equal(Breaker.MinimumCalls + 6, model.Calls);
    }

    [Fact]
    public async Task Only_one_call_probes()
    {
        var reply = new TaskCompletionSource<ChatResponse>();
        bool probing = false;
        var model = new FakeModel(_ => probing ? reply.Task : throw new ModelCallException(ModelCallFailure.Server, "500"));
        IChatClient client = new CallChain(_time).Break(FirstBreak).Build(model);
        await Open(client);
        _time.Advance(5000);
        probing = true;

        Task<ChatResponse> probe = client.Reply();
        Assert.Equal(ModelCallFailure.BreakerOpen, (await Ask.Fails(() => client.Reply())).Kind);
        reply.SetResult(FakeModel.Reply("x"));
        await probe;

        await client.Reply();
    }

    [Fact]
    public async Task A_probe_that_its_caller_cancels_leaves_the_place_to_the_next()
    {
        using var stop = new CancellationTokenSource();
        bool probing = false;
        var model = new FakeModel(call => _works ? Task.FromResult(FakeModel.Reply("x"))
            : probing ? FakeModel.Hang(call.Stop) : throw new ModelCallException(ModelCallFailure.Server, "500"));
        IChatClient client = new CallChain(_time).Break(FirstBreak).Build(model);
        await Open(client);
        _time.Advance(5000);
        probing = true;
        Task<ChatResponse> probe = client.Reply(stop: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        _works = true;
        await client.Reply();

        Assert.Equal(BreakerState.Closed, client.GetService<Breaker>()!.State);
    }

    [Fact]
    public async Task Failures_that_are_long_past_do_not_count()
    {
        (IChatClient client, _) = Make();
        for (int call = 0; call < 30; call++)
        {
            await Ask.Fails(() => client.Reply());
            _time.Advance(4000);
        }

        Assert.Equal(BreakerState.Closed, client.GetService<Breaker>()!.State);
    }

    [Theory]
    [InlineData(ModelCallFailure.Budget)]
    [InlineData(ModelCallFailure.Overloaded)]
    [InlineData(ModelCallFailure.RateLimited)]
    [InlineData(ModelCallFailure.Refused)]
    [InlineData(ModelCallFailure.Invalid)]
    public async Task What_is_not_the_models_failure_does_not_open_it(ModelCallFailure kind)
    {
        IChatClient client = new CallChain(_time).Break(FirstBreak)
            .Build(new FakeModel(_ => throw new ModelCallException(kind, "no")));

        for (int call = 0; call < 20; call++)
        {
            Assert.Equal(kind, (await Ask.Fails(() => client.Reply())).Kind);
        }
    }

    [Fact]
    public async Task A_stream_that_breaks_counts_as_failed_and_one_that_is_left_as_good()
    {
        (IChatClient client, FakeModel model) = Make();
        for (int call = 0; call < Breaker.MinimumCalls; call++)
        {
            await Ask.Fails(() => client.Streamed());
        }

        Assert.Equal(BreakerState.Open, client.GetService<Breaker>()!.State);
        _time.Advance(5000);
        _works = true;
        await client.Streamed(pieces: 1);
        Assert.Equal((BreakerState.Closed, Breaker.MinimumCalls + 1), (client.GetService<Breaker>()!.State, model.Calls));
    }

    [Fact]
    public async Task A_late_failure_of_a_call_from_before_the_break_changes_nothing()
    {
        var late = new TaskCompletionSource<ChatResponse>();
        var model = new FakeModel(call => call.Number == 1 ? late.Task
            : _works ? Task.FromResult(FakeModel.Reply("x")) : throw new ModelCallException(ModelCallFailure.Server, "500"));
        IChatClient client = new CallChain(_time).Break(FirstBreak).Build(model);
        Task<ChatResponse> first = client.Reply();
        await Open(client);
        _time.Advance(5000);
        _works = true;
        await client.Reply();

        late.SetException(new ModelCallException(ModelCallFailure.Timeout, "late"));
        await Ask.Fails(() => first);

        Assert.Equal(BreakerState.Closed, client.GetService<Breaker>()!.State);
    }

    [Theory]
    [InlineData(false, 20, false)]
    [InlineData(true, 20, false)]
    [InlineData(false, 60, true)]
    [InlineData(true, 60, true)]
    public async Task A_call_cut_off_counts_only_if_it_had_the_time_that_good_ones_take(
        bool byCaller, int milliseconds, bool opens)
    {
        IChatClient client = Cutting();
        for (int call = 0; call < 4; call++)
        {
            await GoodAsync(client, 40 + (call * 5));
        }

        for (int call = 0; call < 8 && client.GetService<Breaker>()!.State == BreakerState.Closed; call++)
        {
            await CutAsync(client, byCaller, milliseconds);
        }

        Assert.Equal(opens ? BreakerState.Open : BreakerState.Closed, client.GetService<Breaker>()!.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_no_good_call_is_known_every_one_that_is_cut_off_counts(bool isLongAgo)
    {
        IChatClient client = Cutting();
        if (isLongAgo)
        {
            await GoodAsync(client, 500);
            _time.Advance(Breaker.Window);
        }

        for (int call = 0; call < Breaker.MinimumCalls; call++)
        {
            Assert.Equal(BreakerState.Closed, client.GetService<Breaker>()!.State);
            await CutAsync(client, byCaller: false, 20);
        }

        Assert.Equal(BreakerState.Open, client.GetService<Breaker>()!.State);
    }

    [Fact]
    public async Task A_probe_that_is_cut_off_too_early_leaves_the_place_to_the_next()
    {
        IChatClient client = Cutting();
        await GoodAsync(client, 50);
        for (int call = 1; call < Breaker.MinimumCalls; call++)
        {
            await CutAsync(client, byCaller: false, 60);
        }

        _time.Advance(5000);
        await CutAsync(client, byCaller: false, 20);
        Assert.True(client.GetService<Breaker>()!.WouldAllow);
        await CutAsync(client, byCaller: false, 60);
        Assert.False(client.GetService<Breaker>()!.WouldAllow);
    }

    // Hangs, unless it was told how long it takes.
    private IChatClient Cutting() => new CallChain(_time).Break(FirstBreak)
        .TimeOut(new TimeoutOptions { PerCall = TimeSpan.FromSeconds(10), Margin = TimeSpan.Zero })
        .Build(new FakeModel(async call =>
        {
            await Task.Delay(_takes, _time, call.Stop);
            return FakeModel.Reply("x");
        }));

    private async Task GoodAsync(IChatClient client, int milliseconds)
    {
        _takes = TimeSpan.FromMilliseconds(milliseconds);
        Task<ChatResponse> call = client.Reply();
        _time.Advance(milliseconds);
        await call;
        _takes = Timeout.InfiniteTimeSpan;
    }

    private async Task CutAsync(IChatClient client, bool byCaller, int milliseconds)
    {
        using var stop = new CancellationTokenSource();
        Task<ChatResponse> call = client.Reply(
            context: new CallContext { Deadline = _time.In(byCaller ? milliseconds + 1 : milliseconds) },
            stop: byCaller ? stop.Token : default);
        _time.Advance(milliseconds);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    private static async Task Open(IChatClient client)
    {
        for (int call = 0; call < Breaker.MinimumCalls; call++)
        {
            await Ask.Fails(() => client.Reply());
        }
    }

    private (IChatClient Client, FakeModel Model) Make()
    {
        var model = new FakeModel(_ => _works
            ? Task.FromResult(FakeModel.Reply("a b c"))
            : throw new ModelCallException(ModelCallFailure.Server, "500"));
        return (new CallChain(_time).Break(FirstBreak).Build(model), model);
    }
}
