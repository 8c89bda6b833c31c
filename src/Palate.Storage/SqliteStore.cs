using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <summary>Items, users, interactions and held-out sets in one SQLite file.</summary>
/// <remarks>
/// <para>Safe to use from any thread and from several processes: each call has a connection of its own; writers wait
/// for one another up to ten seconds, readers never wait.</para>
/// <para>The file is in WAL mode with <c>synchronous=FULL</c>: what a call has returned (and what an import has
/// reported) survives a crash of the process and of the machine. NORMAL would lose the last transactions in a power
/// cut; it would save one disk flush per transaction, which is nothing beside a batch of 500,000 rows.</para>
/// </remarks>
public sealed partial class SqliteStore : IDisposable
{
    private readonly string _path;
    private readonly string _connectionString;

    private SqliteStore(string path)
    {
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();
    }

    /// <summary>Opens a database, which is created when it is not there.</summary>
    /// <exception cref="StoreException">The file is damaged, in use, or of a newer version.</exception>
    public static SqliteStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var store = new SqliteStore(Path.GetFullPath(path));
        store.Use(connection =>
        {
            Schema.Migrate(connection);
            return 0;
        });
        return store;
    }

    /// <summary>How much there is.</summary>
    public StoreCounts Counts() => Use(connection => new StoreCounts(
        Count(connection, "items"),
        Count(connection, "users"),
        Count(connection, "interactions"),
        Count(connection, "held_out")));

    /// <summary>The log of imports, oldest first.</summary>
    public IReadOnlyList<ImportRun> Imports() => Use(connection =>
    {
        using var rows = new Statement(
            connection,
            "SELECT reader, source, started_at, finished_at, items, users, interactions, held_out, bad, error "
            + "FROM imports ORDER BY id");
        var runs = new List<ImportRun>();
        while (rows.Step())
        {
            runs.Add(new ImportRun(
                rows.Text(0),
                rows.Text(1),
                rows.Integer(2),
                rows.IntegerOrNull(3),
                rows.Integer(4),
                rows.Integer(5),
                rows.Integer(6),
                rows.Integer(7),
                rows.Integer(8),
                rows.TextOrNull(9)));
        }

        return runs;
    });

    /// <summary>Looks through the whole file for damage.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public IReadOnlyList<string> CheckIntegrity() => Use(connection =>
    {
        using var rows = new Statement(connection, "PRAGMA integrity_check");
        var problems = new List<string>();
        while (rows.Step())
        {
            if (rows.Text(0) != "ok")
            {
                problems.Add(rows.Text(0));
            }
        }

        return problems;
    });

    /// <summary>Closes the connections that are kept for the next call.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>How many pages the file may have, to try what happens on a full disk; null for no limit.</summary>
    internal long? MaxPages { get; set; }

    private static long Count(SqliteConnection connection, string table)
    {
        using var rows = new Statement(connection, $"SELECT count(*) FROM {table}");
        return rows.Step() ? rows.Integer(0) : 0;
    }

    // Every access goes through here, so that every error of the database becomes one with a remedy.
    private T Use<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            Configure(connection);
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw StoreException.From(e, _path);
        }
    }

    private void Configure(SqliteConnection connection)
    {
        // What is deleted is overwritten, so that a user who was forgotten is not left in free pages.
        // cache_size is in KiB when negative; a batch of 500,000 rows touches about 15 MiB of pages.
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
            + "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; "
            + FormattableString.Invariant($"PRAGMA max_page_count = {MaxPages ?? 4294967294}");
        command.ExecuteNonQuery();
    }
}
