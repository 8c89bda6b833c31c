using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Palate;

/// <summary>Data in memory, with dense indices: what models are fitted on and evaluated with.</summary>
/// <remarks>
/// Indices follow the order of first appearance: the described items, then those that only interactions name; users
/// likewise. Immutable, therefore safe to read from any thread.
/// </remarks>
public sealed class Dataset
{
    private readonly Lazy<InteractionMatrix> _matrix;
    private readonly Lazy<string> _hash;
    private readonly FrozenDictionary<string, InteractionColumns> _heldOut;

    /// <summary>Data from its parts.</summary>
    /// <param name="catalog">The items.</param>
    /// <param name="users">The users; a user's index is the place in the list.</param>
    /// <param name="events">The interactions to learn from.</param>
    /// <param name="heldOut">The interactions to test with, by split.</param>
    public Dataset(
        Catalog catalog,
        IReadOnlyList<User> users,
        InteractionColumns events,
        IReadOnlyDictionary<string, InteractionColumns> heldOut)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(heldOut);
        Catalog = catalog;
        Users = users;
        UserIds = new IdMap([.. users.Select(user => user.Id)]);
        Events = events;
        _heldOut = heldOut.ToFrozenDictionary(StringComparer.Ordinal);
        _matrix = new Lazy<InteractionMatrix>(() => Events.ToMatrix(Users.Count, Catalog.Count));
        _hash = new Lazy<string>(ComputeHash);
    }

    /// <summary>The items.</summary>
    public Catalog Catalog { get; }

    /// <summary>The users in index order.</summary>
    public IReadOnlyList<User> Users { get; }

    /// <summary>External user ids and their indices.</summary>
    public IdMap UserIds { get; }

    /// <summary>Every interaction to learn from.</summary>
    public InteractionColumns Events { get; }

    /// <summary>The interactions as a users x items matrix; of several in one cell the latest counts.</summary>
    public InteractionMatrix Interactions => _matrix.Value;

    /// <summary>The names of the held-out sets, in ordinal order.</summary>
    public IReadOnlyList<string> Splits => [.. _heldOut.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of the items, the users and the interactions to learn from, in index order:
    /// the same data in the same order has the same hash, wherever it was read from.
    /// </summary>
    public string Hash => _hash.Value;

    /// <summary>A held-out set.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public InteractionColumns HeldOut(string split) => _heldOut.TryGetValue(split, out InteractionColumns? columns)
        ? columns
        : throw new ArgumentException(
            $"There is no held-out set '{split}'; there are: {string.Join(", ", Splits.DefaultIfEmpty("none"))}.",
            nameof(split));

    /// <summary>Columns of this data as rows with external ids, in the order of the columns.</summary>
    /// <param name="columns"><see cref="Events"/>, or a held-out set.</param>
    public IEnumerable<Interaction> Rows(InteractionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        for (int row = 0; row < columns.Count; row++)
        {
            yield return new Interaction(
                Users[columns.Users[row]].Id,
                Catalog.Items[columns.Items[row]].Id,
                columns.TypeNames[columns.Types[row]],
                columns.Values[row],
                columns.Times[row]);
        }
    }

    /// <summary>The same data without the interactions that a split holds out (by user and item).</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    public Dataset Without(string split) => new(Catalog, Users, Events.Except(HeldOut(split)), _heldOut);

    /// <summary>What models are fitted on.</summary>
    public TrainingData ToTrainingData() => new(Catalog, Users, Interactions, Hash);

    /// <summary>Reads everything into memory.</summary>
    /// <param name="reader">The data.</param>
    /// <param name="report">Receives the account; null for one with the default limits.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="ImportException">A file is missing or damaged, or too many rows are bad.</exception>
    public static Dataset Load(IDatasetReader reader, ImportReport? report = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        report ??= new ImportReport();
        var itemIds = new IdMap();
        var items = new List<Item>();
        foreach (Item item in reader.Items(report))
        {
            stop.ThrowIfCancellationRequested();
            int index = itemIds.Add(item.Id);
            if (index == items.Count)
            {
                items.Add(item);
            }
            else
            {
                items[index] = item;
                report.Note(ImportReport.RepeatedItem);
            }
        }

        var userIds = new IdMap();
        var users = new List<User>();
        foreach (User user in reader.Users(report))
        {
            stop.ThrowIfCancellationRequested();
            int index = userIds.Add(user.Id);
            if (index == users.Count)
            {
                users.Add(user);
            }
            else
            {
                users[index] = user;
                report.Note(ImportReport.RepeatedUser);
            }
        }

        var types = new IdMap();
        InteractionColumns events = Collect(reader.Interactions(report), userIds, itemIds, types, stop);
        var heldOut = new Dictionary<string, InteractionColumns>(StringComparer.Ordinal);
        foreach (string split in reader.Splits)
        {
            heldOut.Add(split, Collect(reader.HeldOut(split, report), userIds, itemIds, types, stop));
        }

        report.ThrowIfTooManyBad();
        items.AddRange(itemIds.Ids.Skip(items.Count).Select(id => new Item(id) { Title = id }));
        users.AddRange(userIds.Ids.Skip(users.Count).Select(id => new User(id)));
        return new Dataset(new Catalog(items), users, events, heldOut);
    }

    private static InteractionColumns Collect(
        IEnumerable<Interaction> interactions, IdMap userIds, IdMap itemIds, IdMap types, CancellationToken stop)
    {
        var users = new List<int>();
        var items = new List<int>();
        var kinds = new List<int>();
        var values = new List<float>();
        var times = new List<long>();
        foreach (Interaction one in interactions)
        {
            stop.ThrowIfCancellationRequested();
            users.Add(userIds.Add(one.UserId));
            items.Add(itemIds.Add(one.ItemId));
            kinds.Add(types.Add(one.Type));
            values.Add(float.IsFinite(one.Value)
                ? one.Value
                : throw new ImportException($"An interaction of user '{one.UserId}' has the value {one.Value}."));
            times.Add(one.Time);
        }

        return InteractionColumns.Sort(
            CollectionsMarshal.AsSpan(users),
            CollectionsMarshal.AsSpan(items),
            CollectionsMarshal.AsSpan(kinds),
            CollectionsMarshal.AsSpan(values),
            CollectionsMarshal.AsSpan(times),
            types.Ids);
    }

    // Strings are length-prefixed UTF-8, numbers little-endian: no two different contents give the same bytes.
    private string ComputeHash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(sha, "palate-dataset-1");
        Add(sha, Catalog.Count);
        foreach (Item item in Catalog.Items)
        {
            Add(sha, item.Id);
            Add(sha, item.Title);
            Add(sha, item.Text);
            Add(sha, item.AddedAt ?? long.MinValue);
            Add(sha, item.Attributes);
        }

        Add(sha, Users.Count);
        foreach (User user in Users)
        {
            Add(sha, user.Id);
            Add(sha, user.Attributes);
        }

        Add(sha, Events.TypeNames.Count);
        foreach (string type in Events.TypeNames)
        {
            Add(sha, type);
        }

        Add(sha, Events.Count);
        sha.AppendData(MemoryMarshal.AsBytes(Events.Users.AsSpan()));
        sha.AppendData(MemoryMarshal.AsBytes(Events.Items.AsSpan()));
        sha.AppendData(MemoryMarshal.AsBytes(Events.Types.AsSpan()));
        sha.AppendData(MemoryMarshal.AsBytes(Events.Values.AsSpan()));
        sha.AppendData(MemoryMarshal.AsBytes(Events.Times.AsSpan()));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static void Add(IncrementalHash sha, IReadOnlyDictionary<string, IReadOnlyList<string>> attributes)
    {
        Add(sha, attributes.Count);
        foreach (string name in attributes.Keys.Order(StringComparer.Ordinal))
        {
            Add(sha, name);
            Add(sha, attributes[name].Count);
            foreach (string value in attributes[name])
            {
                Add(sha, value);
            }
        }
    }

    private static void Add(IncrementalHash sha, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(sha, bytes.Length);
        sha.AppendData(bytes);
    }

    private static void Add(IncrementalHash sha, long number) =>
        sha.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
}
