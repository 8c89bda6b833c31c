using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <content>Writing a few rows, as a service does; each call is stored whole or not at all.</content>
public sealed partial class SqliteStore
{
    /// <summary>Stores events as they happen. One with the same user, item, type and time replaces the value.</summary>
    /// <remarks>Costs one flush of the disk per call, so a busy service collects some before it calls.</remarks>
    /// <exception cref="ArgumentException">An id is empty, or a value or time cannot be stored.</exception>
    /// <exception cref="StoreException">The database cannot take the rows.</exception>
    public void Append(IReadOnlyCollection<Interaction> interactions)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        foreach (Interaction one in interactions)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(one.UserId);
            ArgumentException.ThrowIfNullOrWhiteSpace(one.ItemId);
            ArgumentException.ThrowIfNullOrWhiteSpace(one.Type);
            if (!float.IsFinite(one.Value) || one.Time < 0)
            {
                throw new ArgumentException(
                    $"The interaction of '{one.UserId}' on '{one.ItemId}' has the value {one.Value} at {one.Time}; a "
                    + "finite value and a time from 1970 on can be stored.",
                    nameof(interactions));
            }
        }

        InTransaction(connection =>
        {
            using var user = new Statement(
                connection, "INSERT INTO users (external) VALUES (?1) ON CONFLICT DO NOTHING");
            using var item = new Statement(
                connection, "INSERT INTO items (external, title) VALUES (?1, ?1) ON CONFLICT DO NOTHING");
            using var type = new Statement(
                connection, "INSERT INTO interaction_types (external) VALUES (?1) ON CONFLICT DO NOTHING");
            using var insert = new Statement(
                connection,
                """
                INSERT INTO interactions (user, item, type, time, value)
                SELECT users.id, items.id, interaction_types.id, ?4, ?5 FROM users, items, interaction_types
                WHERE users.external = ?1 AND items.external = ?2 AND interaction_types.external = ?3
                ON CONFLICT DO UPDATE SET value = excluded.value
                """);
            foreach (Interaction one in interactions)
            {
                user.Bind(1, one.UserId).Run();
                item.Bind(1, one.ItemId).Run();
                type.Bind(1, one.Type).Run();
                insert.Bind(1, one.UserId).Bind(2, one.ItemId).Bind(3, one.Type).Bind(4, one.Time).Bind(5, one.Value)
                    .Run();
            }
        });
    }

    /// <summary>Stores descriptions of items; an item that is there keeps its index.</summary>
    /// <exception cref="StoreException">The database cannot take the rows.</exception>
    public void Save(IReadOnlyCollection<Item> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        InTransaction(connection =>
        {
            using var upsert = new Statement(
                connection,
                """
                INSERT INTO items (external, title, text, attributes, added_at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (external) DO UPDATE SET title = excluded.title, text = excluded.text,
                    attributes = excluded.attributes, added_at = excluded.added_at
                """);
            foreach (Item item in items)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(item.Id);
                upsert.Bind(1, item.Id).Bind(2, item.Title).Bind(3, item.Text)
                    .Bind(4, AttributesJson.Write(item.Attributes)).Bind(5, item.AddedAt).Run();
            }
        });
    }

    /// <summary>Stores descriptions of users; a user who is there keeps the index.</summary>
    /// <exception cref="StoreException">The database cannot take the rows.</exception>
    public void Save(IReadOnlyCollection<User> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        InTransaction(connection =>
        {
            using var upsert = new Statement(
                connection,
                "INSERT INTO users (external, attributes) VALUES (?1, ?2) "
                + "ON CONFLICT (external) DO UPDATE SET attributes = excluded.attributes");
            foreach (User user in users)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(user.Id);
                upsert.Bind(1, user.Id).Bind(2, AttributesJson.Write(user.Attributes)).Run();
            }
        });
    }

    /// <summary>Deletes a user with all their interactions and held-out rows.</summary>
    /// <remarks>Generations that were trained before still know the user until they are replaced.</remarks>
    /// <returns>Whether there was such a user.</returns>
    public bool Forget(string userId)
    {
        bool found = false;
        InTransaction(connection =>
        {
            using var select = new Statement(connection, "SELECT id FROM users WHERE external = ?1");
            found = select.Bind(1, userId).Step();
            long id = found ? select.Integer(0) : 0;
            select.Reset();
            foreach (string sql in (string[])
                [
                    "DELETE FROM interactions WHERE user = ?1",
                    "DELETE FROM held_out WHERE user = ?1",
                    "DELETE FROM users WHERE id = ?1",
                ])
            {
                using var delete = new Statement(connection, sql);
                delete.Bind(1, id).Run();
            }
        });
        return found;
    }

    private void InTransaction(Action<SqliteConnection> work) => Use(connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        work(connection);
        transaction.Commit();
        return 0;
    });
}
