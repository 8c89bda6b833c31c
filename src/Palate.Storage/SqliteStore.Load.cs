using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <content>Reading: rows become dense columns.</content>
public sealed partial class SqliteStore
{
    /// <summary>Loads everything, as it is at one moment.</summary>
    /// <param name="withoutSplit">
    /// The held-out set whose pairs of user and item are left out of the interactions, so that models which are to be
    /// tested on it do not see them; null to leave nothing out.
    /// </param>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public Dataset Load(string? withoutSplit = null)
    {
        Dataset all = Use(connection =>
        {
            using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
            Catalog catalog = ReadCatalog(connection, out int[] itemIndex);
            List<User> users = ReadUsers(connection, out int[] userIndex);
            string[] types = ReadTypes(connection);
            var heldOut = new Dictionary<string, InteractionColumns>(StringComparer.Ordinal);
            foreach ((long id, string name) in ReadSplits(connection))
            {
                string where = FormattableString.Invariant($"held_out WHERE split = {id}");
                heldOut.Add(name, ReadColumns(connection, where, userIndex, itemIndex, types));
            }

            InteractionColumns events = ReadColumns(connection, "interactions", userIndex, itemIndex, types);
            return new Dataset(catalog, users, events, heldOut);
        });
        return withoutSplit is null ? all : all.Without(withoutSplit);
    }

    /// <summary>Loads the users, in the order of their first import.</summary>
    public IReadOnlyList<User> LoadUsers() => Use(connection => ReadUsers(connection, out _));

    /// <summary>The names of the held-out sets, in the order of their first import.</summary>
    public IReadOnlyList<string> Splits() =>
        Use(connection => ReadSplits(connection).Select(split => split.Name).ToArray());

    private static Catalog ReadCatalog(SqliteConnection connection, out int[] index)
    {
        using var rows = new Statement(
            connection, "SELECT id, external, title, text, attributes, added_at FROM items ORDER BY id");
        var items = new List<Item>();
        var numbers = new List<long>();
        while (rows.Step())
        {
            string id = rows.Text(1);
            numbers.Add(rows.Integer(0));
            items.Add(new Item(id)
            {
                Title = rows.Text(2),
                Text = rows.Text(3),
                Attributes = AttributesJson.Read(rows.Text(4), id),
                AddedAt = rows.IntegerOrNull(5),
            });
        }

        index = Invert(numbers);
        return new Catalog(items);
    }

    private static List<User> ReadUsers(SqliteConnection connection, out int[] index)
    {
        using var rows = new Statement(connection, "SELECT id, external, attributes FROM users ORDER BY id");
        var users = new List<User>();
        var numbers = new List<long>();
        while (rows.Step())
        {
            string id = rows.Text(1);
            numbers.Add(rows.Integer(0));
            users.Add(new User(id) { Attributes = AttributesJson.Read(rows.Text(2), id) });
        }

        index = Invert(numbers);
        return users;
    }

    private static string[] ReadTypes(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT external FROM interaction_types ORDER BY id");
        var names = new List<string>();
        while (rows.Step())
        {
            names.Add(rows.Text(0));
        }

        return [.. names];
    }

    private static List<(long Id, string Name)> ReadSplits(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT id, external FROM splits ORDER BY id");
        var splits = new List<(long, string)>();
        while (rows.Step())
        {
            splits.Add((rows.Integer(0), rows.Text(1)));
        }

        return splits;
    }

    // Rows come in key order, which is the order of the indices: the columns need no sorting.
    private static InteractionColumns ReadColumns(
        SqliteConnection connection, string from, int[] userIndex, int[] itemIndex, string[] types)
    {
        int capacity;
        using (var counter = new Statement(connection, $"SELECT count(*) FROM {from}"))
        {
            capacity = counter.Step() ? checked((int)counter.Integer(0)) : 0;
        }

        int[] users = new int[capacity];
        int[] items = new int[capacity];
        int[] kinds = new int[capacity];
        float[] values = new float[capacity];
        long[] times = new long[capacity];
        string ordered = from == "interactions" ? "user, item, type, time" : "split, user, item, type, time";
        using var rows = new Statement(
            connection, $"SELECT user, item, type, time, value FROM {from} ORDER BY {ordered}");
        int count = 0;
        while (rows.Step())
        {
            // A user who was forgotten while an import wrote leaves rows behind that belong to nobody.
            users[count] = IndexOf(userIndex, rows.Integer(0));
            items[count] = IndexOf(itemIndex, rows.Integer(1));
            if (users[count] < 0 || items[count] < 0)
            {
                continue;
            }

            kinds[count] = (int)rows.Integer(2) - 1;
            times[count] = rows.Integer(3);
            values[count] = (float)rows.Real(4);
            count++;
        }

        if (count < capacity)
        {
            Array.Resize(ref users, count);
            Array.Resize(ref items, count);
            Array.Resize(ref kinds, count);
            Array.Resize(ref values, count);
            Array.Resize(ref times, count);
        }

        return new InteractionColumns(users, items, kinds, values, times, types);
    }

    private static int IndexOf(int[] index, long number) => (ulong)number < (ulong)index.Length ? index[number] : -1;

    // index[number] is the dense index of the row with that number, or -1; numbers ascend.
    private static int[] Invert(List<long> numbers)
    {
        int[] index = new int[numbers.Count == 0 ? 1 : numbers[^1] + 1];
        Array.Fill(index, -1);
        for (int place = 0; place < numbers.Count; place++)
        {
            index[numbers[place]] = place;
        }

        return index;
    }
}
