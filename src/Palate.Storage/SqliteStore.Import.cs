using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <content>Writing in bulk.</content>
public sealed partial class SqliteStore
{
    private const int DescriptionsPerBatch = 10_000;

    /// <summary>Stores what a reader reads. Importing the same data again changes nothing.</summary>
    /// <remarks>
    /// Rows are stored in batches, each whole or not at all; a batch that was told to <paramref name="progress"/> is
    /// safe. An import that was cut off is completed by doing it again. The last description of an item or user counts;
    /// of interactions with the same user, item, type and time, the last value. Memory does not grow with the number of
    /// interactions, only with the number of different users and items.
    /// </remarks>
    /// <param name="reader">The data.</param>
    /// <param name="options">What is accepted; null for the defaults.</param>
    /// <param name="progress">Is told of every stored batch, on the calling thread.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="stop">Ends the import between two rows; stored batches stay.</param>
    /// <exception cref="ImportException">A file is missing or damaged, or too many rows are bad.</exception>
    /// <exception cref="StoreException">
    /// The database cannot take the rows, for example because the disk is full.
    /// </exception>
    public ImportResult Import(
        IDatasetReader reader,
        ImportOptions? options = null,
        IProgress<ImportProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        clock ??= TimeProvider.System;
        var report = new ImportReport(options, clock);
        return Use(connection =>
        {
            using var run = new Importer(connection, reader, report, progress, clock, stop);
            return run.Run();
        });
    }

    private sealed class Importer : IDisposable
    {
        // Rows that are there already are not written again, so that importing twice costs reading only.
        private const string Replace =
            "ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value";

        private readonly SqliteConnection _connection;
        private readonly IDatasetReader _reader;
        private readonly ImportReport _report;
        private readonly IProgress<ImportProgress>? _progress;
        private readonly TimeProvider _clock;
        private readonly long _started;
        private readonly CancellationToken _stop;
        private readonly IdTable _items;
        private readonly IdTable _users;
        private readonly IdTable _types;
        private readonly IdTable _splits;

        public Importer(
            SqliteConnection connection,
            IDatasetReader reader,
            ImportReport report,
            IProgress<ImportProgress>? progress,
            TimeProvider clock,
            CancellationToken stop)
        {
            _connection = connection;
            _reader = reader;
            _report = report;
            _progress = progress;
            _clock = clock;
            _stop = stop;
            _started = clock.GetTimestamp();
            _items = Table("items", "INSERT INTO items (id, external, title) VALUES (?1, ?2, ?2)");
            _users = Table("users");
            _types = Table("interaction_types");
            _splits = Table("splits");
        }

        public ImportResult Run()
        {
            long log = Begin();
            long items = 0;
            long users = 0;
            long interactions = 0;
            long heldOut = 0;
            string? error = null;
            try
            {
                items = StoreItems();
                users = StoreUsers();
                interactions = StoreInteractions("interactions", _reader.Interactions(_report), split: null);
                foreach (string split in _reader.Splits)
                {
                    heldOut += StoreInteractions("held-out " + split, _reader.HeldOut(split, _report), split);
                }

                _report.ThrowIfTooManyBad();
                if (items + users + interactions + heldOut == 0)
                {
                    throw new ImportException(
                        $"There is nothing to import in {_reader.Source}: no item, user or interaction. "
                        + $"Check the path and the format ({_reader.Name}).");
                }

                return new ImportResult(items, users, interactions, heldOut, _clock.GetElapsedTime(_started), _report);
            }
            catch (Exception e)
            {
                error = e.Message;
                throw;
            }
            finally
            {
                End(log, items, users, interactions, heldOut, error);
            }
        }

        public void Dispose()
        {
            _items.Dispose();
            _users.Dispose();
            _types.Dispose();
            _splits.Dispose();
        }

        private IdTable Table(string name, string? insert = null) => new(
            _connection,
            $"SELECT id, external FROM {name} WHERE id > ?1 ORDER BY id",
            insert ?? $"INSERT INTO {name} (id, external) VALUES (?1, ?2)");

        private long StoreItems()
        {
            using var update = new Statement(
                _connection,
                "UPDATE items SET title = ?2, text = ?3, attributes = ?4, added_at = ?5 WHERE id = ?1");
            var seen = new HashSet<int>();
            return InBatches("items", _reader.Items(_report), DescriptionsPerBatch, batch =>
            {
                _items.Refresh();
                foreach (Item item in batch)
                {
                    int id = _items.Resolve(item.Id);
                    if (!seen.Add(id))
                    {
                        _report.Note(ImportReport.RepeatedItem);
                    }

                    update.Bind(1, id).Bind(2, item.Title).Bind(3, item.Text)
                        .Bind(4, AttributesJson.Write(item.Attributes)).Bind(5, item.AddedAt).Run();
                }
            });
        }

        private long StoreUsers()
        {
            using var update = new Statement(_connection, "UPDATE users SET attributes = ?2 WHERE id = ?1");
            var seen = new HashSet<int>();
            return InBatches("users", _reader.Users(_report), DescriptionsPerBatch, batch =>
            {
                _users.Refresh();
                foreach (User user in batch)
                {
                    int id = _users.Resolve(user.Id);
                    if (!seen.Add(id))
                    {
                        _report.Note(ImportReport.RepeatedUser);
                    }

                    update.Bind(1, id).Bind(2, AttributesJson.Write(user.Attributes)).Run();
                }
            });
        }

        private long StoreInteractions(string stage, IEnumerable<Interaction> interactions, string? split)
        {
            using var insert = new Statement(
                _connection,
                split is null
                    ? "INSERT INTO interactions (user, item, type, time, value) VALUES (?1, ?2, ?3, ?4, ?5) " + Replace
                    : "INSERT INTO held_out (user, item, type, time, value, split) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                        + Replace);
            Row[] rows = [];
            return InBatches(stage, interactions, _report.Options.BatchRows, batch =>
            {
                _items.Refresh();
                _users.Refresh();
                _types.Refresh();
                if (split is not null)
                {
                    _splits.Refresh();
                    insert.Bind(6, _splits.Resolve(split));
                }

                if (rows.Length < batch.Count)
                {
                    rows = new Row[batch.Count];
                }

                for (int place = 0; place < batch.Count; place++)
                {
                    Interaction one = batch[place];
                    if (!float.IsFinite(one.Value))
                    {
                        throw new ImportException(
                            $"The reader {_reader.Name} gives an interaction of '{one.UserId}' the value {one.Value}.");
                    }

                    rows[place] = new Row(
                        _users.Resolve(one.UserId),
                        _items.Resolve(one.ItemId),
                        _types.Resolve(one.Type),
                        place,
                        one.Time,
                        one.Value);
                }

                // In key order the tree grows at its right edge, or is at least walked once from left to right.
                Array.Sort(rows, 0, batch.Count);
                foreach (ref readonly Row row in rows.AsSpan(0, batch.Count))
                {
                    insert.Bind(1, row.User).Bind(2, row.Item).Bind(3, row.Type).Bind(4, row.Time).Bind(5, row.Value)
                        .Run();
                }
            });
        }

        private long InBatches<T>(string stage, IEnumerable<T> source, int size, Action<List<T>> store)
        {
            var batch = new List<T>();
            long stored = 0;
            foreach (T one in source)
            {
                _stop.ThrowIfCancellationRequested();
                batch.Add(one);
                if (batch.Count == size)
                {
                    stored += Store(stage, batch, stored, store);
                }
            }

            return stored + Store(stage, batch, stored, store);
        }

        private int Store<T>(string stage, List<T> batch, long before, Action<List<T>> store)
        {
            int count = batch.Count;
            if (count > 0)
            {
                _report.ThrowIfHopeless();
                using SqliteTransaction transaction = _connection.BeginTransaction();
                store(batch);
                transaction.Commit();
                batch.Clear();
                _progress?.Report(new ImportProgress(stage, before + count, _clock.GetElapsedTime(_started)));
            }

            return count;
        }

        private long Begin()
        {
            using var insert = new Statement(
                _connection, "INSERT INTO imports (reader, source, started_at) VALUES (?1, ?2, ?3) RETURNING id");
            insert.Bind(1, _reader.Name).Bind(2, _reader.Source).Bind(3, _clock.GetUtcNow().ToUnixTimeSeconds());
            insert.Step();
            return insert.Integer(0);
        }

        private void End(long log, long items, long users, long interactions, long heldOut, string? error)
        {
            using var update = new Statement(
                _connection,
                "UPDATE imports SET finished_at = ?2, items = ?3, users = ?4, interactions = ?5, held_out = ?6, "
                + "bad = ?7, error = ?8 WHERE id = ?1");
            update.Bind(1, log).Bind(2, _clock.GetUtcNow().ToUnixTimeSeconds()).Bind(3, items).Bind(4, users)
                .Bind(5, interactions).Bind(6, heldOut).Bind(7, _report.Bad).Bind(8, error);
            try
            {
                update.Run();
            }
            catch (SqliteException) when (error is not null)
            {
                // The disk that failed the import fails its log line too; the first error is the one to show.
            }
        }

        private readonly record struct Row(int User, int Item, int Type, int Place, long Time, float Value)
            : IComparable<Row>
        {
            public int CompareTo(Row other)
            {
                int order = User.CompareTo(other.User);
                order = order != 0 ? order : Item.CompareTo(other.Item);
                order = order != 0 ? order : Type.CompareTo(other.Type);
                order = order != 0 ? order : Time.CompareTo(other.Time);
                return order != 0 ? order : Place.CompareTo(other.Place);
            }
        }
    }
}
