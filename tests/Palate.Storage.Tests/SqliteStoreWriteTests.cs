using Microsoft.Data.Sqlite;

namespace Palate.Storage.Tests;

public sealed class SqliteStoreWriteTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private SqliteStore Store => _home.Store;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Appending_stores_what_importing_stores()
    {
        Interaction[] events =
        [
            new("v", "c", "view", 1, 5), new("u", "a", "view", 1, 6), new("u", "a", "buy", 3, 6), new("u", "a", "buy", 4, 6),
        ];
        Store.Append(events[..2]);
        Store.Append(events[2..]);
        using var other = new TemporaryHome();
        other.Store.Import(new ListReader { AllInteractions = events });

        Assert.Equal(other.Store.Load().Hash, Store.Load().Hash);
        Assert.Equal(new StoreCounts(2, 2, 3, 0), Store.Counts());
    }

    [Fact]
    public void Saving_describes_new_and_known_items_and_users()
    {
        Store.Append([new Interaction("u", "a", "view", 1, 6)]);
        var attributes = new Dictionary<string, IReadOnlyList<string>> { ["colour"] = ["red"] };
        Store.Save([new Item("b") { Title = "Bee" }, new Item("a") { Title = "Ay", Attributes = attributes }]);
        Store.Save([new User("u") { Attributes = attributes }, new User("v")]);
        Dataset data = Store.Load();

        Assert.Equal(["Ay", "Bee"], data.Catalog.Items.Select(item => item.Title));
        Assert.Equal(["red"], data.Catalog.Items[0].Attributes["colour"]);
        Assert.Equal(["u", "v"], data.UserIds.Ids);
        Assert.Equal(["red"], data.Users[0].Attributes["colour"]);
    }

    [Theory]
    [InlineData("", "a", 1f, 0)]
    [InlineData("u", " ", 1f, 0)]
    [InlineData("u", "a", float.NaN, 0)]
    [InlineData("u", "a", 1f, -1)]
    public void An_event_that_cannot_be_stored_refuses_the_call_whole(string user, string item, float value, long time)
    {
        Assert.ThrowsAny<ArgumentException>(() => Store.Append(
            [new Interaction("u", "good", "view", 1, 1), new Interaction(user, item, "view", value, time)]));
        Assert.Equal(0, Store.Counts().Interactions);
    }

    [Fact]
    public void Rows_of_nobody_are_not_loaded()
    {
        Store.Append([new Interaction("u", "a", "view", 1, 1), new Interaction("v", "a", "view", 2, 1)]);
        using (var connection = new SqliteConnection($"Data Source={_home.Home.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DELETE FROM users WHERE external = 'u'; INSERT INTO interactions VALUES (99, 1, 1, 1, 1)";
            command.ExecuteNonQuery();
        }

        Assert.Equal([2f], Store.Load().Events.Values);
        Assert.Equal(["v"], Store.Load().UserIds.Ids);
    }

    [Fact]
    public void Forgetting_a_user_closes_the_gap_in_the_indices()
    {
        Store.Import(new ListReader
        {
            AllInteractions = [new("u", "a", "view", 1, 1), new("v", "a", "view", 1, 1), new("w", "b", "view", 1, 1)],
            AllHeldOut = { ["test"] = [new Interaction("v", "b", "view", 1, 1)] },
        });

        Assert.True(Store.Forget("v"));
        Assert.False(Store.Forget("v"));
        Dataset data = Store.Load();
        Assert.Equal(["u", "w"], data.UserIds.Ids);
        Assert.Equal([0, 1], data.Events.Users);
        Assert.Equal(0, data.HeldOut("test").Count);
        Store.Append([new Interaction("x", "b", "view", 1, 2)]);
        Assert.Equal(["u", "w", "x"], Store.Load().UserIds.Ids);
    }
}
