using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class RetryTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(ModelCallFailure.Server, 3)]
    [InlineData(ModelCallFailure.Network, 3)]
    [InlineData(ModelCallFailure.RateLimited, 3)]
    [InlineData(ModelCallFailure.Timeout, 1)]
    [InlineData(ModelCallFailure.Rejected, 1)]
    [InlineData(ModelCallFailure.Refused, 1)]
    [InlineData(ModelCallFailure.Invalid, 1)]
    [InlineData(ModelCallFailure.Budget, 1)]
    [InlineData(ModelCallFailure.BreakerOpen, 1)]
    [InlineData(ModelCallFailure.Overloaded, 1)]
    public async Task Only_failures_that_may_pass_are_tried_again(ModelCallFailure kind, int calls)
    {
        var model = new FakeModel(_ => throw new ModelCallException(kind, "no"));
        IChatClient client = Client(model, new RetryOptions { FirstDelay = TimeSpan.Zero });

        Assert.Equal(kind, (await Ask.Fails(() => client.Reply())).Kind);
        Assert.Equal(calls, model.Calls);
        Assert.Equal(kind, (await Ask.Fails(() => client.Streamed())).Kind);
        Assert.Equal(2 * calls, model.Calls);
    }

    [Fact]
    public async Task The_wait_doubles_and_is_shortened_at_random()
    {
        var times = new List<long>();
        var model = new FakeModel(_ =>
        {
            times.Add(_time.GetTimestamp());
            throw new ModelCallException(ModelCallFailure.Server, "500");
        });
        IChatClient client = Client(model, new RetryOptions { Attempts = 4, FirstDelay = TimeSpan.FromMilliseconds(100) });

        Task<ChatResponse> call = client.Reply();
        for (int wait = 0; wait < 3; wait++)
        {
            await Ask.Until(() => _time.Pending > 0);
            _time.AdvanceToNext();
        }

        await Ask.Fails(() => call);
        double[] waits = [.. times.Zip(times.Skip(1), (a, b) => TimeSpan.FromTicks(b - a).TotalMilliseconds)];
        Assert.Equal(3, waits.Length);
        Assert.InRange(waits[0], 50, 100);
        Assert.InRange(waits[1], 100, 200);
        Assert.InRange(waits[2], 200, 400);
    }

    [Fact]
    public async Task A_providers_wish_is_kept_and_the_attempt_is_told_apart()
    {
        var contexts = new List<CallContext>();
        var model = new FakeModel(call =>
        {
            contexts.Add(call.Context);
            return call.Number == 1
                ? throw new ModelCallException(ModelCallFailure.RateLimited, "429", TimeSpan.FromSeconds(3))
                : Task.FromResult(FakeModel.Reply("fine"));
        });
        Task<ChatResponse> call = Client(model, new RetryOptions()).Reply(context: new() { Pipeline = "p" });

        _time.Advance(2999);
        Assert.Equal(1, model.Calls);
        _time.Advance(1);

        Assert.Equal("fine", (await call).Text);
        Assert.Equal([0, 1], contexts.Select(context => context.Attempt));
        Assert.All(contexts, context => Assert.Equal("p", context.Pipeline));
    }

    [Fact]
    public async Task No_wait_goes_beyond_the_deadline()
    {
        var model = new FakeModel(_ => throw new ModelCallException(
            ModelCallFailure.RateLimited, "429", TimeSpan.FromMilliseconds(90)));
        IChatClient client = Client(model, new RetryOptions());

        // 90 + 20 do not fit into 100: it fails at once, without a wait.
        await Ask.Fails(() => client.Reply(context: new() { Deadline = _time.In(100) }));

        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task A_stream_is_not_tried_again_once_something_was_passed_on()
    {
        var model = new FakeModel { Stream = Broken };

        await Ask.Fails(() => Client(model, new RetryOptions { FirstDelay = TimeSpan.Zero }).Streamed());

        Assert.Equal(1, model.Calls);

        static async IAsyncEnumerable<ChatResponseUpdate> Broken(FakeCall call)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "a");
            await Task.Yield();
            throw new ModelCallException(ModelCallFailure.Network, "broken");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Wrong_options_are_refused_at_start(int attempts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Client(new FakeModel(), new RetryOptions { Attempts = attempts }));

    private IChatClient Client(FakeModel model, RetryOptions options) => new CallChain(_time).Retry(options).Build(model);
}
