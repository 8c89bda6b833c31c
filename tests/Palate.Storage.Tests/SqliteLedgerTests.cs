using Microsoft.Data.Sqlite;
using Palate.Llm;

namespace Palate.Storage.Tests;

public sealed class SqliteLedgerTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Its_reports_are_those_of_the_ledger_in_memory(int seed)
    {
        var random = new Random(seed);
        using var stored = new SqliteLedger(_home.Store, _time);
        var memory = new InMemoryLedger();
        for (int number = 0; number < 2000; number++)
        {
            LedgerEntry entry = Random(random);
            stored.Add(entry);
            memory.Add(entry);
        }

        DateTimeOffset now = _time.GetUtcNow();
        for (int by = 0; by < 64; by++)
        {
            var query = new LedgerQuery
            {
                By = (LedgerGrouping)by,
                From = by % 3 == 0 ? null : now.AddMinutes(-3001),
                To = by % 5 == 0 ? now.AddMinutes(-59) : null,
                Pipeline = by % 7 == 0 ? "a" : null,
                Tenant = by % 11 == 0 ? "" : null,
            };

            Assert.Equal(memory.Report(query), stored.Report(query));
        }

        Assert.NotEmpty(stored.Report(new LedgerQuery()));
    }

    [Fact]
    public void An_entry_comes_back_as_it_was()
    {
        var entry = new LedgerEntry
        {
            Time = _time.GetUtcNow(),
            Model = "m",
            Pipeline = "p",
            Variant = "v",
            Tenant = "t",
            Purpose = "shadow",
            Outcome = LedgerOutcome.Failed,
            Failure = ModelCallFailure.Timeout,
            Attempt = 2,
            IsHedge = true,
            Usage = new CallUsage(5, 4, 3, 2, 1),
            Cost = new Money(1_234_567_890_123),
            IsEstimated = true,
            IsPriced = false,
            Latency = TimeSpan.FromMicroseconds(123_456),
        };
        using (var ledger = new SqliteLedger(_home.Store, _time))
        {
            ledger.Add(entry);
        }

        Assert.Equal(entry, Assert.Single(_home.Store.LastLedgerEntries(5)));
    }

    [Fact]
    public void Entries_are_stored_after_the_interval_or_when_a_batch_is_full()
    {
        using var ledger = new SqliteLedger(
            _home.Store, _time, new WriteBehindOptions { Interval = TimeSpan.FromSeconds(2), Batch = 10 });
        ledger.Add(Entry());
        Assert.Equal((0, 1), (_home.Store.LedgerEntries(), ledger.Waiting));

        _time.Advance(1999);
        Assert.Equal(0, _home.Store.LedgerEntries());
        _time.Advance(1);
        Assert.Equal((1, 0), (_home.Store.LedgerEntries(), ledger.Waiting));

        for (int number = 0; number < 10; number++)
        {
            ledger.Add(Entry());
        }

        _time.Advance(0);
        Assert.Equal(11, _home.Store.LedgerEntries());
    }

    [Fact]
    public void A_killed_process_loses_its_last_interval_and_no_more()
    {
        // Never disposed, as if it had been killed.
        var killed = new SqliteLedger(_home.Store, _time);
        for (int number = 0; number < 100; number++)
        {
            killed.Add(Entry());
            _time.Advance(300);
        }

        using SqliteStore again = _home.Home.OpenStore();
        using var ledger = new SqliteLedger(again, _time);

        Assert.InRange(Assert.Single(ledger.Report(new LedgerQuery { By = LedgerGrouping.None })).Calls, 96, 100);
        Assert.Empty(again.CheckIntegrity());
    }

    [Fact]
    public void Adding_from_several_threads_loses_nothing()
    {
        using var ledger = new SqliteLedger(_home.Store, TimeProvider.System, new WriteBehindOptions { Batch = 50 });

        Parallel.For(0, 4, _ =>
        {
            for (int number = 0; number < 500; number++)
            {
                ledger.Add(Entry());
            }
        });

        LedgerTotal total = Assert.Single(ledger.Report(new LedgerQuery { By = LedgerGrouping.None }));
        Assert.Equal((2000, 2000 * 7), (total.Calls, total.Cost.PicoDollars));
    }

    [Fact]
    public void On_a_full_disk_entries_are_kept_and_stored_later()
    {
        using var ledger = new SqliteLedger(_home.Store, _time, new WriteBehindOptions { Most = 2500 });
        _home.Store.MaxPages = 30;
        for (int number = 0; number < 3000; number++)
        {
            ledger.Add(Entry());
        }

        _time.Advance(5000);
        Assert.True(ledger.LastFailure!.IsFull);
        Assert.Equal((2500, 500), (ledger.Waiting, ledger.Lost));
        Assert.Throws<StoreException>(() => ledger.Report(new LedgerQuery()));

        _home.Store.MaxPages = null;
        _time.Advance(1000);
        Assert.Null(ledger.LastFailure);
        Assert.Equal(2500, _home.Store.LedgerEntries());
    }

    [Fact]
    public async Task A_limit_of_money_survives_a_restart()
    {
        using (var ledger = new SqliteLedger(_home.Store, _time))
        {
            ledger.Add(Entry() with { Cost = Money.FromMicroDollars(700) });
        }

        using SqliteStore store = _home.Home.OpenStore();
        using var again = new SqliteLedger(store, _time);
        var limits = new SpendLimits([new SpendLimit { HardMicroDollars = 1000, Per = SpendPeriod.Month }], again);
        using Microsoft.Extensions.AI.IChatClient client = new CallChain(_time)
            .Spend(new SpendOptions
            {
                Prices = PriceMap.Parse("""{ "m": { "input": 1, "output": 1 } }"""u8.ToArray()),
                Ledger = again,
                Limits = limits,
            })
            .Build(new Never());
        var options = new Microsoft.Extensions.AI.ChatOptions { ModelId = "m", MaxOutputTokens = 400 };

        await Assert.ThrowsAsync<BudgetExceededException>(() => client.GetResponseAsync([], options));
    }

    [Fact]
    public void A_database_of_the_version_before_gets_its_new_tables_and_keeps_the_rest()
    {
        _home.Store.Import(
            new ListReader { AllItems = [new Item("i") { Title = "I" }], AllInteractions = [new("u", "i", "view", 1, 2)] }, new());
        using (var connection = new SqliteConnection($"Data Source={_home.Home.DatabaseFile}"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DROP TABLE ledger; DROP TABLE cache; DROP TABLE judgments; PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }

        using SqliteStore store = _home.Home.OpenStore();

        Assert.Equal((0, 0, 1), (store.LedgerEntries(), store.CachedValues(), store.Counts().Items));
        Assert.Empty(store.Judgments("p", "m"));
    }

    private static LedgerEntry Entry() =>
        new() { Time = new DateTimeOffset(2026, 3, 31, 5, 0, 0, TimeSpan.Zero), Model = "m", Cost = new Money(7) };

    private LedgerEntry Random(Random random) => new()
    {
        Time = _time.GetUtcNow().AddMinutes(-random.Next(6000)),
        Model = random.Next(2) == 0 ? "m" : "é",
        Pipeline = random.Next(2) == 0 ? "a" : "b",
        Variant = random.Next(2) == 0 ? "" : "B",
        Tenant = random.Next(2) == 0 ? "" : "acme",
        Purpose = random.Next(2) == 0 ? "rerank" : "shadow",
        Outcome = (LedgerOutcome)random.Next(3),
        Attempt = random.Next(3),
        IsHedge = random.Next(4) == 0,
        IsEstimated = random.Next(4) == 0,
        IsPriced = random.Next(4) != 0,
        Usage = new CallUsage(random.Next(1000), random.Next(500), random.Next(100), random.Next(50), random.Next(3)),
        Cost = new Money(random.NextInt64(1_000_000_000_000)),
    };

    private sealed class Never : Microsoft.Extensions.AI.IChatClient
    {
        public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
            Microsoft.Extensions.AI.ChatOptions? options = null,
            CancellationToken cancellationToken = default) => throw new InvalidOperationException("It was called.");

        public IAsyncEnumerable<Microsoft.Extensions.AI.ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
            Microsoft.Extensions.AI.ChatOptions? options = null,
            CancellationToken cancellationToken = default) => throw new InvalidOperationException("It was called.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
