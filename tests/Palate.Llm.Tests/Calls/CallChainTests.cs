using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class CallChainTests
{
    [Fact]
    public async Task What_is_added_first_is_outermost()
    {
        string order = "";
        IChatClient client = new CallChain(new ManualTime())
            .Use(inner => new Note(inner, () => order += "a"))
            .Use(inner => new Note(inner, () => order += "b"))
            .Build(new FakeModel(_ =>
            {
                order += "m";
                return Task.FromResult(FakeModel.Reply("x"));
            }));

        await client.Reply();

        Assert.Equal("abm", order);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_whole_chain_answers_and_writes_down(bool stream)
    {
        var ledger = new ListLedger();
        var time = new ManualTime();
        using IChatClient client = Full(new FakeModel("a b c"), ledger, time, new ReplyCache(new CacheOptions(), time));

        for (int call = 0; call < 3; call++)
        {
            string text = stream ? await client.Streamed() : (await client.Reply()).Text;
            Assert.Equal("a b c", text);
        }

        Assert.Single(ledger.Entries);
        Assert.NotNull(client.GetService<Breaker>());
        Assert.NotNull(client.GetService<CallLimiter>());
        Assert.Equal("m", client.GetService<ChatClientMetadata>()!.DefaultModelId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_fails_inside_comes_out_typed_and_without_secrets(bool stream)
    {
        var time = new ManualTime();
        Exception[] failures =
        [
            new HttpRequestException("Bearer sk-secret"), new InvalidOperationException("sk-secret"),
            new ModelCallException(ModelCallFailure.Rejected, "The key of host h was rejected."),
            new OperationCanceledException("sk-secret"),
        ];
        foreach (Exception failure in failures)
        {
            using IChatClient client = Full(
                new FakeModel(_ => throw failure), new ListLedger(), time, new ReplyCache(new CacheOptions(), time));
            Task call = stream
                ? client.Streamed("my prompt", new() { Deadline = time.In(10) })
                : client.Reply("my prompt", new() { Deadline = time.In(10) });

            ModelCallException e = await Ask.Fails(() => call);

            Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("my prompt", e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_hanging_model_ends_by_the_deadline_then_opens_the_breaker_and_is_found_again()
    {
        var time = new ManualTime();
        bool hangs = true;
        using IChatClient client = Full(
            new FakeModel(_ => hangs ? new TaskCompletionSource<ChatResponse>().Task : Task.FromResult(FakeModel.Reply("x"))),
            new ListLedger(), time, cache: null);
        Breaker breaker = client.GetService<Breaker>()!;
        for (int number = 0; number < 10; number++)
        {
            Task call = client.Reply($"{number}", new() { Deadline = time.In(100) });
            time.Advance(100);
            Assert.Equal(ModelCallFailure.Timeout, (await Ask.Fails(() => call)).Kind);
        }

        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Equal(ModelCallFailure.BreakerOpen, (await Ask.Fails(() => client.Reply("x"))).Kind);
        hangs = false;
        time.Advance(5000);
        await client.Reply("y");
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    internal static IChatClient Full(FakeModel model, ILedger ledger, TimeProvider time, ReplyCache? cache) =>
        new CallChainOptions
        {
            Cache = cache,
            HedgeAfter = TimeSpan.FromSeconds(1),
            Retry = new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(50) },
            Limits = new LimitOptions { RequestsPerMinute = int.MaxValue, TokensPerMinute = int.MaxValue },
            Spend = new SpendOptions
            {
                Prices = MoneyTests.Prices("""{ "m": { "input": 1, "output": 4 } }"""),
                Ledger = ledger,
                Limits = new SpendLimits([new SpendLimit { HardMicroDollars = 1_000_000_000 }], ledger),
            },
        }.Build(model, time);

    private sealed class Note(IChatClient inner, Action note) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            note();
            return base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
