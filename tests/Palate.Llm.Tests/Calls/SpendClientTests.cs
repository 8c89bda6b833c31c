using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class SpendClientTests
{
    private readonly ManualTime _time = new();
    private readonly ListLedger _ledger = new();

    [Fact]
    public async Task A_call_is_written_down_with_who_asked_and_what_it_used()
    {
        IChatClient client = Client(new FakeModel(_ => Task.FromResult(FakeModel.Reply("x", 1000, 20, 800))));
        var context = new CallContext { Pipeline = "llm", Variant = "b", Tenant = "acme", EstimatedTokens = 990 };

        await client.Reply(context: context);

        LedgerEntry entry = Assert.Single(_ledger.Entries);
        Assert.Equal(("llm", "b", "acme", "m", "rerank"), (entry.Pipeline, entry.Variant, entry.Tenant, entry.Model, entry.Purpose));
        Assert.Equal(new CallUsage(1000, 800, 0, 20), entry.Usage);
        Assert.Equal((200 * 1) + (800 / 2) + (20 * 4), entry.Cost.MicroDollars);
        Assert.False(entry.IsEstimated);
        Assert.Equal(LedgerOutcome.Ok, entry.Outcome);
    }

    [Fact]
    public async Task A_streamed_call_is_written_down_from_its_usage()
    {
        IChatClient client = Client(new FakeModel(_ => Task.FromResult(FakeModel.Reply("a b c", 1000, 3))));

        Assert.Equal("a b c", await client.Streamed());

        Assert.Equal(new CallUsage(1000, 0, 0, 3), Assert.Single(_ledger.Entries).Usage);
    }

    [Fact]
    public async Task A_stream_that_its_reader_stops_is_estimated_from_what_was_read()
    {
        IChatClient client = Client(new FakeModel(_ => Task.FromResult(FakeModel.Reply("12345678 b c"))));

        await client.Streamed(context: new CallContext { EstimatedTokens = 500 }, pieces: 1);

        LedgerEntry entry = Assert.Single(_ledger.Entries);
        Assert.True(entry.IsEstimated);
        Assert.Equal(LedgerOutcome.Cancelled, entry.Outcome);
        Assert.Equal(new CallUsage(500, 0, 0, 2), entry.Usage);
    }

    [Theory]
    [InlineData(ModelCallFailure.RateLimited, false)]
    [InlineData(ModelCallFailure.Server, false)]
    [InlineData(ModelCallFailure.Rejected, false)]
    [InlineData(ModelCallFailure.Timeout, true)]
    [InlineData(ModelCallFailure.Network, true)]
    [InlineData(ModelCallFailure.Malformed, true)]
    public async Task A_failed_call_costs_nothing_where_the_provider_said_so_and_the_most_where_nobody_knows(
        ModelCallFailure kind, bool costs)
    {
        IChatClient client = Client(new FakeModel(_ => throw new ModelCallException(kind, "no")));

        ModelCallException e = await Ask.Fails(() => client.Reply(context: new() { EstimatedTokens = 100 }, most: 50));

        LedgerEntry entry = Assert.Single(_ledger.Entries);
        Assert.Equal(kind, e.Kind);
        Assert.Equal((LedgerOutcome.Failed, kind), (entry.Outcome, entry.Failure));
        Assert.Equal(costs, entry.IsEstimated);
        Assert.Equal(costs ? 100 + 200 : 0, entry.Cost.MicroDollars);
    }

    [Fact]
    public async Task A_failed_call_that_reports_its_usage_costs_just_that()
    {
        var failure = new ModelCallException(ModelCallFailure.Refused, "no")
        {
            Usage = new UsageDetails { InputTokenCount = 70, OutputTokenCount = 1 },
        };
        IChatClient client = Client(new FakeModel(_ => throw failure));

        await Ask.Fails(() => client.Reply());

        Assert.Equal((70 + 4, false), (_ledger.Entries[0].Cost.MicroDollars, _ledger.Entries[0].IsEstimated));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_not_paid()
    {
        var refused = new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        var budget = new RequestBudget(10_000, Money.FromMicroDollars(1_000_000));
        IChatClient typed = Client(new FakeModel(_ => throw new ModelCallException(ModelCallFailure.Network, "no", null, refused)));
        IChatClient untyped = new CallChain(_time).Spend(Options()).TimeOut(new()).Build(new FakeModel(_ => throw refused));

        await Ask.Fails(() => typed.Reply(context: new() { Budget = budget }));
        await Ask.Fails(() => untyped.Reply(context: new() { Budget = budget }));

        Assert.All(_ledger.Entries, entry => Assert.Equal((0, false), (entry.Cost.PicoDollars, entry.IsEstimated)));
        Assert.Equal(2, _ledger.Entries.Count);
        Assert.Equal(10_000, budget.RemainingTokens);
    }

    [Fact]
    public async Task A_cancelled_call_is_estimated_at_once()
    {
        using var stop = new CancellationTokenSource();
        IChatClient client = Client(new FakeModel(call => FakeModel.Hang(call.Stop)));
        Task<ChatResponse> call = client.Reply(context: new() { EstimatedTokens = 100 }, most: 10, stop: stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        LedgerEntry entry = Assert.Single(_ledger.Entries);
        Assert.Equal((LedgerOutcome.Cancelled, true), (entry.Outcome, entry.IsEstimated));
        Assert.Equal(new CallUsage(100, 0, 0, 10), entry.Usage);
    }

    [Fact]
    public async Task With_grace_a_cancelled_call_is_left_running_and_its_usage_is_exact()
    {
        using var stop = new CancellationTokenSource();
        var reply = new TaskCompletionSource<ChatResponse>();
        IChatClient client = Client(new FakeModel(_ => reply.Task), TimeSpan.FromSeconds(5));
        Task<ChatResponse> call = client.Reply(stop: stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(_ledger.Entries);
        reply.SetResult(FakeModel.Reply("late", 123, 4));
        await Ask.Until(() => _ledger.Entries.Count == 1);

        Assert.Equal(new CallUsage(123, 0, 0, 4), _ledger.Entries[0].Usage);
        Assert.Equal((LedgerOutcome.Cancelled, false), (_ledger.Entries[0].Outcome, _ledger.Entries[0].IsEstimated));
    }

    [Fact]
    public async Task Grace_ends()
    {
        using var stop = new CancellationTokenSource();
        IChatClient client = Client(new FakeModel(call => FakeModel.Hang(call.Stop)), TimeSpan.FromSeconds(5));
        Task<ChatResponse> call = client.Reply(stop: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        _time.Advance(5000);
        await Ask.Until(() => _ledger.Entries.Count == 1);

        Assert.True(_ledger.Entries[0].IsEstimated);
    }

    [Fact]
    public async Task A_reply_without_usage_is_estimated_from_its_text()
    {
        IChatClient client = Client(new FakeModel(_ => Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, "12345678")))));

        await client.Reply(context: new() { EstimatedTokens = 30 });

        Assert.Equal((new CallUsage(30, 0, 0, 2), true), (_ledger.Entries[0].Usage, _ledger.Entries[0].IsEstimated));
    }

    [Fact]
    public void A_model_without_a_price_is_refused_at_start()
    {
        var e = Assert.Throws<ModelCallException>(() => Client(new FakeModel { Model = "unheard-of" }));

        Assert.Contains("'unheard-of' has no price", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Or_it_is_counted_as_unpriced()
    {
        IChatClient client = new CallChain(_time)
            .Spend(new SpendOptions { Prices = PriceMap.Empty, Ledger = _ledger, Unknown = UnknownPrice.CountAsUnpriced })
            .Build(new FakeModel());

        await client.Reply();

        Assert.Equal((false, 0), (_ledger.Entries[0].IsPriced, _ledger.Entries[0].Cost.PicoDollars));
        Assert.Equal(100, _ledger.Entries[0].Usage.InputTokens);
    }

    [Fact]
    public async Task A_request_with_no_budget_sends_nothing()
    {
        var model = new FakeModel();
        IChatClient client = Client(model);

        await Assert.ThrowsAsync<BudgetExceededException>(
            () => client.Reply(context: new() { Budget = RequestBudget.From(new Budget { Tokens = 0 }) }));
        await Assert.ThrowsAsync<BudgetExceededException>(
            () => client.Reply(context: new() { Budget = RequestBudget.From(new Budget { MicroDollars = 0 }) }));
        await Assert.ThrowsAsync<BudgetExceededException>(
            () => client.Reply(context: new() { EstimatedTokens = 100, Budget = new(109, new(long.MaxValue)) }, most: 0));

        Assert.Equal(0, model.Calls);
        Assert.Empty(_ledger.Entries);
    }

    [Fact]
    public async Task Calls_that_run_at_once_never_spend_more_than_the_request_has()
    {
        var gate = new TaskCompletionSource();
        IChatClient client = Client(new FakeModel(async call =>
        {
            await gate.Task;
            return FakeModel.Reply("x", 100, 20);
        }));
        var budget = new RequestBudget(1000, Money.FromMicroDollars(1_000_000));

        Task<bool>[] calls = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            try
            {
                await client.Reply(context: new() { EstimatedTokens = 100, Budget = budget }, most: 20);
                return true;
            }
            catch (BudgetExceededException)
            {
                return false;
            }
        }))];
        await Ask.Until(() => calls.Count(call => call.IsCompleted) == 43);
        gate.SetResult();
        bool[] sent = await Task.WhenAll(calls);

        Assert.Equal(7, sent.Count(ok => ok));
        Assert.Equal((840, 160, 7), (budget.UsedTokens, budget.RemainingTokens, budget.Calls));
        Assert.Equal(7 * 180, budget.UsedMoney.MicroDollars);
    }

    [Fact]
    public async Task A_hard_limit_is_never_passed_by_calls_that_run_at_once()
    {
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 2000 }], _ledger);
        var gate = new TaskCompletionSource();
        IChatClient client = Client(
            new FakeModel(async _ =>
            {
                await gate.Task;
                return FakeModel.Reply("x", 100, 20);
            }),
            limits: limits);

        Task[] calls = [.. Enumerable.Range(0, 40).Select(_ => Task.Run(
            () => client.Reply(context: new() { EstimatedTokens = 100 }, most: 20)))];
        await Ask.Until(() => calls.Count(call => call.IsFaulted) == 30);
        gate.SetResult();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        // 110 + 80 micro-dollars are reserved for each, and 180 used; ten fit at once.
        Assert.Equal(10, _ledger.Entries.Count);
        Assert.Equal(1800, _ledger.Entries.Sum(entry => entry.Cost.MicroDollars));
        Assert.All(calls, call => Assert.True(
            call.IsCompletedSuccessfully || call.Exception!.InnerException is BudgetExceededException));
    }

    [Theory]
    [InlineData(SpendPeriod.Hour, 3_600_000d)]
    [InlineData(SpendPeriod.Day, 86_400_000d)]
    [InlineData(SpendPeriod.Month, 86_400_000d)]
    public async Task A_limit_is_whole_again_in_the_next_period(SpendPeriod per, double milliseconds)
    {
        // The clock stands at the beginning of the 31st of March.
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 200, Per = per }], _ledger);
        IChatClient client = Client(new FakeModel(), limits: limits);
        var context = new CallContext { EstimatedTokens = 100 };
        await client.Reply(context: context, most: 20);
        var e = await Assert.ThrowsAsync<BudgetExceededException>(() => client.Reply(context: context, most: 20));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), e.RetryAfter);

        _time.Advance(milliseconds - 1);
        await Assert.ThrowsAsync<BudgetExceededException>(() => client.Reply(context: context, most: 20));
        _time.Advance(1);
        await client.Reply(context: context, most: 20);

        Assert.Equal(2, _ledger.Entries.Count);
    }

    [Fact]
    public async Task Limits_are_for_their_pipeline_and_tenant()
    {
        var limits = new SpendLimits(
            [
                new SpendLimit { Pipeline = "llm", HardMicroDollars = 400 },
                new SpendLimit { EachTenant = true, HardMicroDollars = 200 },
            ],
            _ledger);
        IChatClient client = Client(new FakeModel(), limits: limits);

        await Call("llm", "a");
        await Assert.ThrowsAsync<BudgetExceededException>(() => Call("other", "a"));
        await Call("llm", "b");
        await Assert.ThrowsAsync<BudgetExceededException>(() => Call("llm", "c"));
        await Call("other", "c");

        Assert.Equal(3, _ledger.Entries.Count);

        Task<ChatResponse> Call(string pipeline, string tenant) => client.Reply(
            context: new() { Pipeline = pipeline, Tenant = tenant, EstimatedTokens = 100 }, most: 20);
    }

    [Fact]
    public async Task What_was_spent_before_a_restart_counts()
    {
        var ledger = new InMemoryLedger();
        ledger.Add(new LedgerEntry { Time = _time.GetUtcNow(), Model = "m", Cost = Money.FromMicroDollars(900) });
        ledger.Add(new LedgerEntry { Time = _time.GetUtcNow().AddHours(-1), Model = "m", Cost = Money.FromMicroDollars(900) });
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 1200 }], ledger);
        IChatClient client = Client(new FakeModel(), limits: limits);

        await client.Reply(context: new() { EstimatedTokens = 100 }, most: 20);

        await Assert.ThrowsAsync<BudgetExceededException>(
            () => client.Reply(context: new() { EstimatedTokens = 100 }, most: 20));
    }

    [Fact]
    public async Task When_the_ledger_cannot_be_read_nothing_is_sent()
    {
        var model = new FakeModel();
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 1200 }], new BrokenLedger());

        var e = await Assert.ThrowsAsync<BudgetExceededException>(() => Client(model, limits: limits).Reply());

        Assert.Contains("The ledger cannot say", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task A_soft_limit_is_told_once_a_period_and_stops_nothing()
    {
        int told = 0;
        var limits = new SpendLimits([new SpendLimit { SoftMicroDollars = 200 }], _ledger)
        {
            SoftLimitReached = (_, spent) =>
            {
                told++;
                Assert.True(spent.MicroDollars >= 200);
            },
        };
        IChatClient client = Client(new FakeModel(), limits: limits);

        for (int call = 0; call < 5; call++)
        {
            await client.Reply();
        }

        Assert.Equal(1, told);
        _time.Advance(86_400_000);
        await client.Reply();
        await client.Reply();
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task What_is_not_sent_is_neither_written_down_nor_kept_reserved()
    {
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 200 }], _ledger);
        var budget = new RequestBudget(1000, Money.FromMicroDollars(1000));
        IChatClient client = Client(
            new FakeModel(_ => throw new ModelCallException(ModelCallFailure.Overloaded, "no")), limits: limits);

        for (int call = 0; call < 3; call++)
        {
            await Ask.Fails(() => client.Reply(context: new() { EstimatedTokens = 100, Budget = budget }, most: 20));
        }

        Assert.Empty(_ledger.Entries);
        Assert.Equal((1000, 0), (budget.RemainingTokens, budget.Calls));
    }

    [Fact]
    public async Task A_limit_in_the_way_gives_the_request_its_reservation_back()
    {
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 1 }], _ledger);
        var budget = new RequestBudget(1000, Money.FromMicroDollars(1000));
        IChatClient client = Client(new FakeModel(), limits: limits);

        await Assert.ThrowsAsync<BudgetExceededException>(
            () => client.Reply(context: new() { EstimatedTokens = 100, Budget = budget }, most: 20));

        Assert.Equal(1000, budget.RemainingTokens);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(-1L, null, false)]
    [InlineData(5L, 4L, false)]
    [InlineData(1L, 2L, true)]
    public void A_wrong_limit_is_refused_at_start(long? soft, long? hard, bool both)
    {
        var limit = new SpendLimit
        {
            SoftMicroDollars = soft,
            HardMicroDollars = hard,
            EachTenant = both,
            Tenant = both ? "a" : null,
        };

        Assert.Throws<ArgumentException>(() => new SpendLimits([limit], _ledger));
    }

    [Fact]
    public async Task Tokens_and_dollars_are_on_the_meter()
    {
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Palate.Llm")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        IChatClient client = new CallChain(_time)
            .Spend(new SpendOptions { Prices = MoneyTests.Prices("""{ "metered": { "input": 1, "output": 4 } }"""), Ledger = _ledger })
            .Build(new FakeModel(_ => Task.FromResult(FakeModel.Reply("x", 1000, 20, 800))) { Model = "metered" });

        await client.Reply();

        Assert.Equal(200, sums["llm_tokens_total|false|input|metered"]);
        Assert.Equal(800, sums["llm_tokens_total|true|input|metered"]);
        Assert.Equal(20, sums["llm_tokens_total|false|output|metered"]);
        Assert.Equal(0.00108, sums["llm_cost_usd_total|metered"], 9);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string name = instrument.Name;
            foreach (KeyValuePair<string, object?> tag in tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal))
            {
                name += "|" + tag.Value;
            }

            lock (sums)
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }
    }

    private sealed class BrokenLedger : ILedger
    {
        public void Add(LedgerEntry entry)
        {
        }

        public IReadOnlyList<LedgerTotal> Report(LedgerQuery query) => throw new InvalidOperationException("broken");
    }

    private SpendOptions Options(TimeSpan grace = default, SpendLimits? limits = null) => new()
    {
        Prices = MoneyTests.Prices("""{ "m": { "input": 1, "cached_input": 0.5, "output": 4 } }"""),
        Ledger = _ledger,
        Grace = grace,
        Limits = limits,
    };

    private IChatClient Client(FakeModel model, TimeSpan grace = default, SpendLimits? limits = null) =>
        new CallChain(_time).Spend(Options(grace, limits)).Build(model);
}
