using Microsoft.Data.Sqlite;
using Palate.Tests;

namespace Palate.Storage.Tests;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private SqliteStore Store => _home.Store;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_is_imported_is_loaded_as_if_it_had_been_read_directly()
    {
        ListReader reader = Shop();
        ImportResult result = Store.Import(reader);
        Dataset direct = Dataset.Load(reader);
        Dataset stored = Store.Load();

        Assert.Equal((2, 1, 4, 1), (result.Items, result.Users, result.Interactions, result.HeldOut));
        Assert.Equal(direct.Hash, stored.Hash);
        Assert.Equal(["a", "b", "c"], stored.Catalog.Ids.Ids);
        Assert.Equal(["u", "v"], stored.UserIds.Ids);
        Assert.Equal("c", stored.Catalog.Items[2].Title);
        Assert.Equal(["red", "\"blue\" & ä"], stored.Catalog.Items[0].Attributes["colour"]);
        Assert.Equal(7, stored.Catalog.Items[0].AddedAt);
        Assert.Null(stored.Catalog.Items[1].AddedAt);
        Assert.Equal(["view", "buy"], stored.Events.TypeNames);
        Assert.Equal([1], stored.HeldOut("test").Items);
        Assert.Equal([2f], stored.HeldOut("test").Values);
        Assert.Equal(new StoreCounts(3, 2, 4, 1), Store.Counts());
        Assert.Equal(["test"], Store.Splits());
    }

    [Fact]
    public void Importing_again_changes_nothing_and_is_logged()
    {
        var clock = new ManualTime();
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        Store.Import(Shop(), clock: clock);
        string before = Store.Load().Hash;
        Store.Import(Shop(), new ImportOptions { BatchRows = 1 }, clock: clock);

        Assert.Equal(before, Store.Load().Hash);
        Assert.Equal(new StoreCounts(3, 2, 4, 1), Store.Counts());
        Assert.Equal(
            Enumerable.Repeat(new ImportRun("list", "memory", now, now, 2, 1, 4, 1, 0, null), 2), Store.Imports());
    }

    [Fact]
    public void The_batch_size_does_not_change_the_content()
    {
        var random = new Random(7);
        var reader = new ListReader
        {
            AllInteractions = [.. Enumerable.Range(0, 2000).Select(_ => new Interaction(
                $"u{random.Next(20)}", $"i{random.Next(30)}", $"t{random.Next(2)}", random.Next(5), random.Next(4)))],
        };
        Store.Import(reader, new ImportOptions { BatchRows = 7 });
        using var other = new TemporaryHome();
        other.Store.Import(reader);

        Assert.Equal(other.Store.Load().Hash, Store.Load().Hash);
        Assert.Equal(Dataset.Load(reader).Hash, Store.Load().Hash);
    }

    [Fact]
    public void A_new_description_replaces_the_old_one_and_keeps_the_index()
    {
        Store.Import(Shop());
        Store.Import(new ListReader { AllItems = [new Item("c") { Title = "Sea" }, new Item("a") { Title = "Ay" }] });
        Catalog catalog = Store.Load().Catalog;

        Assert.Equal(["a", "b", "c"], catalog.Ids.Ids);
        Assert.Equal(["Ay", "Bee", "Sea"], catalog.Items.Select(item => item.Title));
        Assert.Empty(catalog.Items[0].Attributes);
    }

    [Fact]
    public void The_same_event_with_another_value_replaces_it()
    {
        Store.Import(new ListReader { AllInteractions = [new Interaction("u", "a", "rating", 3, 5)] });
        Store.Import(new ListReader { AllInteractions = [new Interaction("u", "a", "rating", 4, 5)] });
        Assert.Equal([4f], Store.Load().Events.Values);
    }

    [Fact]
    public void Leaving_a_split_out_removes_its_pairs_whatever_their_type()
    {
        Store.Import(Shop());
        Dataset without = Store.Load("test");

        Assert.Equal([0, 0, 2], without.Events.Items);
        Assert.Throws<ArgumentException>(() => Store.Load("nope"));
    }

    [Fact]
    public void Progress_tells_of_each_stored_batch()
    {
        var told = new List<(string, long)>();
        Store.Import(Shop(), new ImportOptions { BatchRows = 3 }, new Listener(p => told.Add((p.Stage, p.Rows))));

        Assert.Equal(
            [("items", 2), ("users", 1), ("interactions", 3), ("interactions", 4), ("held-out test", 1)], told);
    }

    [Fact]
    public void A_cancelled_import_keeps_its_batches_and_is_logged()
    {
        using var stop = new CancellationTokenSource();
        var reader = new ListReader { AllInteractions = Many(100) };
        Assert.Throws<OperationCanceledException>(() => Store.Import(
            reader, new ImportOptions { BatchRows = 10 }, new Listener(p => Stop(p.Rows == 30)), stop: stop.Token));

        Assert.Equal(30, Store.Counts().Interactions);
        Assert.NotNull(Store.Imports().Single().Error);

        void Stop(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_full_disk_is_said_plainly_and_what_was_acknowledged_stays()
    {
        long acknowledged = 0;
        Store.MaxPages = 60;
        var reader = new ListReader { AllInteractions = Many(200_000) };
        var error = Assert.Throws<StoreException>(() => Store.Import(
            reader, new ImportOptions { BatchRows = 1000 }, new Listener(p => acknowledged = p.Rows)));

        Assert.True(error.IsFull);
        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
        Assert.True(acknowledged > 0);
        Assert.Equal(acknowledged, Store.Counts().Interactions);

        Store.MaxPages = null;
        Store.Import(new ListReader { AllInteractions = Many(20_000) });
        Assert.Equal(20_000, Store.Counts().Interactions);
        Assert.Empty(Store.CheckIntegrity());
    }

    [Fact]
    public void Nothing_to_import_is_an_error()
    {
        Assert.Contains(
            "nothing to import",
            Assert.Throws<ImportException>(() => Store.Import(new ListReader())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_by_the_store_too()
    {
        var reader = new ListReader { AllInteractions = [new Interaction("u", "i", "t", float.NaN, 0)] };
        Assert.Throws<ImportException>(() => Store.Import(reader));
        Assert.Equal(0, Store.Counts().Interactions);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        string path = Path.Combine(_home.Home.Path, "other.db");
        File.WriteAllText(path, new string('x', 5000));
        Assert.Contains(
            "damaged or no database",
            Assert.Throws<StoreException>(() => SqliteStore.Open(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_version_or_of_another_program_is_refused()
    {
        string path = Path.Combine(_home.Home.Path, "other.db");
        Execute(path, "CREATE TABLE x (y)");
        Assert.Contains(
            "another program", Assert.Throws<StoreException>(() => SqliteStore.Open(path)).Message, StringComparison.Ordinal);
        Execute(path, "PRAGMA user_version = 999");
        Assert.Contains(
            "version 999", Assert.Throws<StoreException>(() => SqliteStore.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writers_at_once_give_every_id_one_number()
    {
        using SqliteStore second = _home.Home.OpenStore();
        var options = new ImportOptions { BatchRows = 50 };
        Parallel.Invoke(
            () => Store.Import(new ListReader { AllInteractions = Many(3000) }, options),
            () => second.Import(new ListReader { AllInteractions = Many(6000) }, options));

        Dataset data = Store.Load();
        Assert.Equal(6000, data.Events.Count);
        Assert.Equal(
            Many(6000).Select(one => (one.UserId, one.ItemId, one.Time)).Order(),
            Enumerable.Range(0, 6000)
                .Select(at => (data.UserIds[data.Events.Users[at]], data.Catalog.Ids[data.Events.Items[at]], data.Events.Times[at]))
                .Order());
    }

    [Fact]
    public void The_published_data_set_is_stored_whole()
    {
        var reader = new MovieLens100K(TestData.Folder("ml-100k"));
        Store.Import(reader);
        Assert.Equal(new StoreCounts(1682, 943, 100_000, 9430), Store.Counts());
        Assert.Equal(Dataset.Load(reader).Hash, Store.Load().Hash);
        Assert.Equal(90_570, Store.Load("ua").Interactions.Count);
    }

    private static IEnumerable<Interaction> Many(int count) => Enumerable.Range(0, count)
        .Select(number => new Interaction($"u{number % 97}", $"i{number % 89}", "view", 1, number));

    private static ListReader Shop() => new()
    {
        AllItems =
        [
            new Item("a")
            {
                Title = "Ay",
                Text = "text",
                AddedAt = 7,
                Attributes = new Dictionary<string, IReadOnlyList<string>> { ["colour"] = ["red", "\"blue\" & ä"] },
            },
            new Item("b") { Title = "Bee" },
        ],
        AllUsers = [new User("u")],
        AllInteractions =
        [
            new Interaction("v", "c", "view", 1, 5),
            new Interaction("u", "a", "view", 1, 6),
            new Interaction("u", "a", "buy", 3, 6),
            new Interaction("u", "b", "view", 1, 6),
        ],
        AllHeldOut = { ["test"] = [new Interaction("u", "b", "buy", 2, 9)] },
    };

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Listener(Action<ImportProgress> told) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => told(value);
    }
}
