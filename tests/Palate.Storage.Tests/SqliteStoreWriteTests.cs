using Microsoft.Data.Sqlite;

namespace Palate.Storage.Tests;

public sealed class SqliteStoreWriteTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private SqliteStore Store => _home.Store;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Rows_of_nobody_are_not_loaded()
    {
        Store.Import(new ListReader { AllInteractions = [new("u", "a", "view", 1, 1), new("v", "a", "view", 2, 1)] });
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

        Assert.Equal(new ForgottenUser(Interactions: 1, HeldOut: 1), Store.Forget("v"));
        Assert.Null(Store.Forget("v"));
        Dataset data = Store.Load();
        Assert.Equal(["u", "w"], data.UserIds.Ids);
        Assert.Equal([0, 1], data.Events.Users);
        Assert.Equal(0, data.HeldOut("test").Count);
        Store.Import(new ListReader { AllInteractions = [new("x", "b", "view", 1, 2)] });
        Assert.Equal(["u", "w", "x"], Store.Load().UserIds.Ids);
    }
    [Fact]
    public void What_was_forgotten_is_not_left_in_the_file()
    {
        const string Name = "somebody-with-a-name-of-their-own";
        Store.Import(new ListReader { AllInteractions = [new(Name, "a", "view", 1, 1), new("v", "a", "view", 1, 1)] });
        Store.Forget(Name);
        using (var connection = new SqliteConnection($"Data Source={_home.Home.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }

        Assert.DoesNotContain(Name, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_home.Home.DatabaseFile)), StringComparison.Ordinal);
    }
}
