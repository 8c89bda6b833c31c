using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <content>Writing a few rows; each call is stored whole or not at all.</content>
public sealed partial class SqliteStore
{
    /// <summary>Deletes a user with all their interactions and held-out rows, and overwrites where they stood.</summary>
    /// <remarks>Generations that were trained before still know the user until they are replaced.</remarks>
    /// <returns>What went; null when there was no such user.</returns>
    /// <exception cref="StoreException">The database cannot be written to.</exception>
    public ForgottenUser? Forget(string userId)
    {
        ForgottenUser? gone = null;
        InTransaction(connection =>
        {
            long user;
            using (var select = new Statement(connection, "SELECT id FROM users WHERE external = ?1"))
            {
                if (!select.Bind(1, userId).Step())
                {
                    return;
                }

                user = select.Integer(0);
            }

            gone = new ForgottenUser(
                Delete(connection, "DELETE FROM interactions WHERE user = ?1", user),
                Delete(connection, "DELETE FROM held_out WHERE user = ?1", user));
            Delete(connection, "DELETE FROM users WHERE id = ?1", user);
        });
        return gone;
    }

    private static long Delete(SqliteConnection connection, string sql, long user)
    {
        using var delete = new Statement(connection, sql);
        delete.Bind(1, user).Run();
        using var changes = new Statement(connection, "SELECT changes()");
        return changes.Step() ? changes.Integer(0) : 0;
    }

    private void InTransaction(Action<SqliteConnection> work) => Use(connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        work(connection);
        transaction.Commit();
        return 0;
    });
}
