using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class LimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task No_more_than_so_many_run_at_once_and_the_rest_wait()
    {
        int running = 0;
        int most = 0;
        var gates = new List<TaskCompletionSource>();
        var model = new FakeModel(async _ =>
        {
            most = Math.Max(most, ++running);
            var gate = new TaskCompletionSource();
            gates.Add(gate);
            await gate.Task;
            running--;
            return FakeModel.Reply("x");
        });
        IChatClient client = Client(model, new LimitOptions { Concurrency = 3 });
        CallLimiter limiter = client.GetService<CallLimiter>()!;

        Task[] calls = [.. Enumerable.Range(0, 10).Select(_ => client.Reply())];
        Assert.Equal((3, 7, true), (gates.Count, limiter.Waiting, limiter.IsBusy));
        for (int gate = 0; gate < 10; gate++)
        {
            await Ask.Until(() => gates.Count > gate);
            gates[gate].SetResult();
        }

        await Task.WhenAll(calls);
        Assert.Equal((3, 0, false), (most, limiter.Waiting, limiter.IsBusy));
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        var model = new FakeModel(call => FakeModel.Hang(call.Stop));
        IChatClient client = Client(model, new LimitOptions { Concurrency = 1 });
        for (int call = 0; call < 257; call++)
        {
            _ = client.Reply();
        }

        Assert.Equal(ModelCallFailure.Overloaded, (await Ask.Fails(() => client.Reply())).Kind);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task A_wait_ends_before_the_deadline_leaves_no_time_for_a_call()
    {
        var model = new FakeModel(call => FakeModel.Hang(call.Stop));
        IChatClient client = Client(model, new LimitOptions { Concurrency = 1 });
        _ = client.Reply();
        Task<ChatResponse> second = client.Reply(context: new() { Deadline = _time.In(50) });

        _time.Advance(39);
        Assert.False(second.IsCompleted);
        _time.Advance(1);

        Assert.Equal(ModelCallFailure.Overloaded, (await Ask.Fails(() => second)).Kind);
        Assert.Equal(0, client.GetService<CallLimiter>()!.Waiting);
    }

    [Fact]
    public async Task Calls_in_a_minute_are_limited()
    {
        var model = new FakeModel();
        IChatClient client = Client(model, new LimitOptions { RequestsPerMinute = 30 });

        // Three at once, then one in two seconds.
        Task[] calls = [.. Enumerable.Range(0, 10).Select(_ => client.Reply())];
        Assert.Equal(3, model.Calls);
        for (int more = 1; more <= 7; more++)
        {
            _time.Advance(2000);
            await Ask.Until(() => model.Calls == 3 + more);
        }

        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task A_call_whose_turn_comes_after_its_deadline_is_refused_at_once_and_takes_no_turn()
    {
        var model = new FakeModel();
        IChatClient client = Client(model, new LimitOptions { RequestsPerMinute = 10 });
        await client.Reply();

        for (int call = 0; call < 5; call++)
        {
            ModelCallException e = await Ask.Fails(() => client.Reply(context: new() { Deadline = _time.In(500) }));
            Assert.Equal(ModelCallFailure.Overloaded, e.Kind);
        }

        _time.Advance(6000);
        await client.Reply();
        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task Tokens_in_a_minute_are_limited_by_what_was_used_in_the_end()
    {
        var model = new FakeModel(_ => Task.FromResult(FakeModel.Reply("x", 100, 0)));
        IChatClient client = Client(model, new LimitOptions { TokensPerMinute = 3000 });

        // 300 tokens at once, 50 a second. Each call may use 250 and uses 100.
        Assert.True(Call().IsCompleted);
        Task second = Call();
        _time.Advance(999);
        Assert.False(second.IsCompleted);
        _time.Advance(1);
        await second;
        Task third = Call();
        _time.Advance(1999);
        Assert.False(third.IsCompleted);
        _time.Advance(1);
        await third;

        Task Call() => client.Reply(context: new() { EstimatedTokens = 100 }, most: 150);
    }

    [Fact]
    public async Task A_provider_that_wants_peace_gets_it_from_all_calls()
    {
        var model = new FakeModel(call => call.Number == 1
            ? throw new ModelCallException(ModelCallFailure.RateLimited, "429", TimeSpan.FromSeconds(2))
            : Task.FromResult(FakeModel.Reply("x")));
        IChatClient client = Client(model, new LimitOptions());
        await Ask.Fails(() => client.Reply());

        Task<ChatResponse> second = client.Reply();
        ModelCallException hurried = await Ask.Fails(() => client.Reply(context: new() { Deadline = _time.In(1000) }));
        Assert.Equal((ModelCallFailure.Overloaded, 1), (hurried.Kind, model.Calls));
        _time.Advance(2000);

        await second;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Places_come_back_whatever_happens(bool stream)
    {
        int number = 0;
        var model = new FakeModel(call => (number++ % 3) switch
        {
            0 => throw new ModelCallException(ModelCallFailure.Server, "500"),
            1 => FakeModel.Hang(call.Stop),
            _ => Task.FromResult(FakeModel.Reply("a b")),
        });
        IChatClient client = Client(model, new LimitOptions { Concurrency = 2 });

        for (int call = 0; call < 30; call++)
        {
            using var stop = new CancellationTokenSource();
            Task task = stream ? client.Streamed(pieces: 1, stop: stop.Token) : client.Reply(stop: stop.Token);
            await stop.CancelAsync();
            await Task.WhenAny(task);
        }

        Assert.False(client.GetService<CallLimiter>()!.IsBusy);
        Assert.Equal(30, model.Calls);
    }

    private IChatClient Client(FakeModel model, LimitOptions options) =>
        new CallChain(_time).Limit(new CallLimiter(options, _time)).Build(model);
}
