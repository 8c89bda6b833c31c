using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <summary>The tables, and the steps from each version of them to the next.</summary>
/// <remarks>
/// The version is SQLite's <c>user_version</c>. A step is never changed once released; a new one is added.
/// </remarks>
internal static class Schema
{
    // Ids count up from 1 in the order of first import, which is the order of the dense indices. Times are Unix
    // seconds.
    // The clustered keys (WITHOUT ROWID) keep the interactions in the order in which they are loaded.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE items (
            id INTEGER PRIMARY KEY,
            external TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            text TEXT NOT NULL DEFAULT '',
            attributes TEXT NOT NULL DEFAULT '{}',
            added_at INTEGER) STRICT;
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            external TEXT NOT NULL UNIQUE,
            attributes TEXT NOT NULL DEFAULT '{}') STRICT;
        CREATE TABLE interaction_types (
            id INTEGER PRIMARY KEY,
            external TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE interactions (
            user INTEGER NOT NULL,
            item INTEGER NOT NULL,
            type INTEGER NOT NULL,
            time INTEGER NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (user, item, type, time)) STRICT, WITHOUT ROWID;
        CREATE TABLE splits (
            id INTEGER PRIMARY KEY,
            external TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE held_out (
            split INTEGER NOT NULL,
            user INTEGER NOT NULL,
            item INTEGER NOT NULL,
            type INTEGER NOT NULL,
            time INTEGER NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (split, user, item, type, time)) STRICT, WITHOUT ROWID;
        CREATE TABLE imports (
            id INTEGER PRIMARY KEY,
            reader TEXT NOT NULL,
            source TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            items INTEGER NOT NULL DEFAULT 0,
            users INTEGER NOT NULL DEFAULT 0,
            interactions INTEGER NOT NULL DEFAULT 0,
            held_out INTEGER NOT NULL DEFAULT 0,
            bad INTEGER NOT NULL DEFAULT 0,
            error TEXT) STRICT;
        """,

        // Ledger times are Unix milliseconds; money is in pico-dollars, so that sums are exact.
        """
        CREATE TABLE ledger (
            id INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            pipeline TEXT NOT NULL,
            variant TEXT NOT NULL,
            tenant TEXT NOT NULL,
            model TEXT NOT NULL,
            purpose TEXT NOT NULL,
            outcome INTEGER NOT NULL,
            failure TEXT,
            attempt INTEGER NOT NULL,
            hedge INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            cache_write_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            search_units INTEGER NOT NULL,
            pico_dollars INTEGER NOT NULL,
            estimated INTEGER NOT NULL,
            priced INTEGER NOT NULL,
            latency_us INTEGER NOT NULL) STRICT;
        CREATE INDEX ledger_by_time ON ledger (time);
        CREATE TABLE cache (
            key TEXT PRIMARY KEY,
            value BLOB NOT NULL,
            expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX cache_by_expiry ON cache (expires);
        """,

        // Judged requests as numbers alone; features names the columns that they are of.
        """
        CREATE TABLE judgments (
            id INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            pipeline TEXT NOT NULL,
            model TEXT NOT NULL,
            segment TEXT NOT NULL,
            features TEXT NOT NULL,
            candidates INTEGER NOT NULL,
            numbers BLOB NOT NULL) STRICT;
        CREATE INDEX judgments_by_model ON judgments (pipeline, model, id);
        """,
    ];

    public static int Version => Steps.Length;

    /// <exception cref="StoreException">A newer Palate, or something else, made the database.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        if (Read(connection, "PRAGMA user_version") == Version)
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        long version = Read(connection, "PRAGMA user_version");
        if (version > Version)
        {
            throw new StoreException(
                $"The database {connection.DataSource} has version {version}; this Palate knows those up to {Version}. "
                + "Update Palate, or use another --home.");
        }

        if (version == 0 && Read(connection, "SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new StoreException(
                $"The file {connection.DataSource} is the database of another program. Use another --home.");
        }

        for (; version < Version; version++)
        {
            Run(connection, Steps[version]);
        }

        Run(connection, FormattableString.Invariant($"PRAGMA user_version = {Version}"));
        transaction.Commit();
    }

    private static long Read(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
