using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

/// <summary>The ledger against the books of a server that bills what it works.</summary>
public class LedgerBooksTests
{
    [Fact]
    [Trait("Category", Soak.Category)]
    public async Task After_mixed_calls_the_ledger_and_the_servers_own_books_differ_by_nothing()
    {
        var time = new ManualTime();
        var server = new Server();
        var ledger = new InMemoryLedger();
        var cache = new ReplyCache(new CacheOptions(), time);
        using IChatClient client = new CallChainOptions
        {
            Cache = cache,
            Break = null,
            HedgeAfter = TimeSpan.FromMilliseconds(1),
            Retry = new RetryOptions { FirstDelay = TimeSpan.Zero },
            Spend = new SpendOptions
            {
                Prices = MoneyTests.Prices(Server.Prices),
                Ledger = ledger,
                Grace = TimeSpan.FromMinutes(5),
                Limits = new SpendLimits([new SpendLimit { HardMicroDollars = long.MaxValue / 2_000_000 }], ledger),
            },
        }.Build(server.Model, time);
        var budget = new RequestBudget(long.MaxValue / 2, new Money(long.MaxValue / 2));
        var random = new Random(7);

        int calls = Soak.Count(40_000);
        for (int number = 0; number < calls; number++)
        {
            int kind = random.Next(100);
            var context = new CallContext
            {
                Budget = budget,
                Pipeline = kind % 2 == 0 ? "a" : "b",
                Purpose = kind < 5 ? "shadow" : "rerank",
                EstimatedTokens = 50,
            };
            string text = kind < 20
                ? $"again {random.Next(20)}"
                : $"new {number} {(kind < 40 ? "fail-once" : kind < 50 ? "fail-always" : kind < 60 ? "slow" : kind < 70 ? "bad" : "")}";
            await One(client, server, text, context, time, random);
        }

        // A hedge may be sent after the last release, and waits then for another.
        await Ask.Until(() =>
        {
            server.Release();
            return server.Open == 0
                && ledger.Report(new LedgerQuery { By = LedgerGrouping.None })[0].Calls == server.Calls;
        });
        LedgerTotal total = Assert.Single(ledger.Report(new LedgerQuery { By = LedgerGrouping.None }));

        Assert.Equal(server.Billed, total.Cost);
        Assert.Equal(server.Billed.MicroDollars, total.Cost.MicroDollars);
        Assert.Equal(server.Used, total.Usage);
        Assert.Equal(server.Calls, total.Calls);
        Assert.Equal(0, total.Estimated);
        Assert.Equal(server.Billed, budget.UsedMoney);
        Assert.Equal(server.Used.Tokens, budget.UsedTokens);
        Assert.Equal(long.MaxValue / 2, budget.RemainingTokens + budget.UsedTokens);
        Assert.True(total.Failed > calls / 10 && total.Retried > calls / 10, total.ToString());
        Assert.True(total.Hedged > calls / 100 && total.Cancelled > calls / 100, total.ToString());
        Assert.True(server.Calls < calls * 2);
    }

    private static async Task One(
        IChatClient client, Server server, string text, CallContext context, ManualTime time, Random random)
    {
        using var stop = new CancellationTokenSource();
        bool slow = text.Contains("slow", StringComparison.Ordinal);
        bool streams = !slow && random.Next(3) == 0;
        try
        {
            // A stream that is left before its end, or that lost a race, is estimated: that is another test's.
            Task call = streams
                ? client.Streamed(text, context, 30, stop: stop.Token)
                : client.Reply(text, context, 30, stop.Token);
            if (slow && !call.IsCompleted)
            {
                if (random.Next(2) == 0)
                {
                    await stop.CancelAsync();
                }
                else
                {
                    time.Advance(2);
                }

                await Ask.Until(() =>
                {
                    server.Release();
                    return call.IsCompleted;
                });
            }

            await call;
        }
        catch (Exception e) when (e is ModelCallException or OperationCanceledException)
        {
            // Some fail and some are cancelled; all are billed as the server says.
        }
    }

    private sealed class Server
    {
        public const string Prices =
            """{ "m": { "input": 0.150001, "cached_input": 0.075003, "cache_write": 0.187507, "output": 0.600011 } }""";

        private readonly Lock _lock = new();
        private readonly Random _random = new(3);
        private readonly HashSet<string> _failed = [];
        private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Server() => Model = new FakeModel(Answer) { Stream = call => Pieces(call) };

        public FakeModel Model { get; }

        public Money Billed { get; private set; }

        public CallUsage Used { get; private set; }

        public int Calls { get; private set; }

        public int Open { get; private set; }

        public void Release()
        {
            TaskCompletionSource gate = _gate;
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gate.SetResult();
        }

        private async Task<ChatResponse> Answer(FakeCall call)
        {
            string text = call.Messages[0].Text;
            lock (_lock)
            {
                Calls++;
                Open++;
            }

            try
            {
                if (text.EndsWith("slow", StringComparison.Ordinal))
                {
                    await _gate.Task;
                }

                if (text.EndsWith("fail-always", StringComparison.Ordinal)
                    || (text.EndsWith("fail-once", StringComparison.Ordinal) && First(text)))
                {
                    throw new ModelCallException(ModelCallFailure.Server, "500");
                }

                UsageDetails usage = Bill();
                return text.EndsWith("bad", StringComparison.Ordinal)
                    ? throw new ModelCallException(ModelCallFailure.Malformed, "half a reply") { Usage = usage }
                    : new ChatResponse(new ChatMessage(ChatRole.Assistant, "x")) { Usage = usage };
            }
            finally
            {
                lock (_lock)
                {
                    Open--;
                }
            }
        }

        private async IAsyncEnumerable<ChatResponseUpdate> Pieces(
            FakeCall call, [EnumeratorCancellation] CancellationToken stop = default)
        {
            ChatResponse response = await Answer(call);
            yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(response.Usage!)]);
        }

        private bool First(string text)
        {
            lock (_lock)
            {
                return _failed.Add(text);
            }
        }

        // Its own arithmetic, in decimals, so that a mistake in the ledger's is not repeated here.
        private UsageDetails Bill()
        {
            lock (_lock)
            {
                int cached = _random.Next(1000);
                int written = _random.Next(100);
                int input = cached + written + _random.Next(1000);
                int output = _random.Next(30);
                decimal dollars = (((input - cached - written) * 0.150001m) + (cached * 0.075003m) + (written * 0.187507m)
                    + (output * 0.600011m)) / 1_000_000m;
                Billed += new Money((long)(dollars * 1_000_000_000_000m));
                Used += new CallUsage(input, cached, written, output);
                return new UsageDetails
                {
                    InputTokenCount = input,
                    CachedInputTokenCount = cached,
                    OutputTokenCount = output,
                    AdditionalCounts = new() { [CallUsage.CacheWriteCount] = written },
                };
            }
        }
    }
}
