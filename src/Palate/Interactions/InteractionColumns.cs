namespace Palate;

/// <summary>Interactions as columns of numbers: one entry per event, sorted by user, item, type and time.</summary>
/// <remarks>
/// No two entries agree in all four keys. Immutable by convention: nobody writes to the arrays after construction.
/// Safe to read from any thread.
/// </remarks>
public sealed class InteractionColumns
{
    /// <summary>Columns over arrays that the caller gives away, sorted as the class says.</summary>
    public InteractionColumns(
        int[] users, int[] items, int[] types, float[] values, long[] times, IReadOnlyList<string> typeNames)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(typeNames);
        ArgumentOutOfRangeException.ThrowIfNotEqual(items.Length, users.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(types.Length, users.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, users.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Length, users.Length);
        Users = users;
        Items = items;
        Types = types;
        Values = values;
        Times = times;
        TypeNames = typeNames;
    }

    /// <summary>How many events there are.</summary>
    public int Count => Users.Length;

    /// <summary>The user index of each event.</summary>
    public int[] Users { get; }

    /// <summary>The item index of each event.</summary>
    public int[] Items { get; }

    /// <summary>The place of each event's type in <see cref="TypeNames"/>.</summary>
    public int[] Types { get; }

    /// <summary>The value of each event.</summary>
    public float[] Values { get; }

    /// <summary>The Unix second of each event; 0 when unknown.</summary>
    public long[] Times { get; }

    /// <summary>The types that occur, in the order of their first import.</summary>
    public IReadOnlyList<string> TypeNames { get; }

    /// <summary>Sorts events that come in any order; of several with the same keys the last counts.</summary>
    public static InteractionColumns Sort(
        ReadOnlySpan<int> users,
        ReadOnlySpan<int> items,
        ReadOnlySpan<int> types,
        ReadOnlySpan<float> values,
        ReadOnlySpan<long> times,
        IReadOnlyList<string> typeNames)
    {
        Key[] keys = new Key[users.Length];
        for (int place = 0; place < keys.Length; place++)
        {
            keys[place] = new Key(users[place], items[place], types[place], times[place], place);
        }

        Array.Sort(keys);
        int count = 0;
        for (int place = 0; place < keys.Length; place++)
        {
            if (count > 0 && keys[count - 1].IsSameEvent(keys[place]))
            {
                count--;
            }

            keys[count++] = keys[place];
        }

        int[] sortedUsers = new int[count];
        int[] sortedItems = new int[count];
        int[] sortedTypes = new int[count];
        float[] sortedValues = new float[count];
        long[] sortedTimes = new long[count];
        for (int place = 0; place < count; place++)
        {
            Key key = keys[place];
            sortedUsers[place] = key.User;
            sortedItems[place] = key.Item;
            sortedTypes[place] = key.Type;
            sortedTimes[place] = key.Time;
            sortedValues[place] = values[key.Place];
        }

        return new InteractionColumns(sortedUsers, sortedItems, sortedTypes, sortedValues, sortedTimes, typeNames);
    }

    /// <summary>The matrix of these events; of several on one item by one user the latest counts.</summary>
    /// <param name="users">How many users there are.</param>
    /// <param name="items">How many items there are.</param>
    public InteractionMatrix ToMatrix(int users, int items) =>
        InteractionMatrix.Build(users, items, Users, Items, Values, Times);

    /// <summary>The events that <paramref name="keep"/> accepts (by their place).</summary>
    public InteractionColumns Where(Func<int, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var places = new List<int>(Count);
        for (int place = 0; place < Count; place++)
        {
            if (keep(place))
            {
                places.Add(place);
            }
        }

        return new InteractionColumns(
            Pick(Users, places),
            Pick(Items, places),
            Pick(Types, places),
            Pick(Values, places),
            Pick(Times, places),
            TypeNames);
    }

    /// <summary>
    /// The events on pairs of user and item that do not occur in <paramref name="other"/>, whatever their type.
    /// </summary>
    /// <remarks>Leaves a held-out set out of the interactions to learn from.</remarks>
    public InteractionColumns Except(InteractionColumns other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var pairs = new HashSet<(int, int)>(other.Count);
        for (int place = 0; place < other.Count; place++)
        {
            pairs.Add((other.Users[place], other.Items[place]));
        }

        return Where(place => !pairs.Contains((Users[place], Items[place])));
    }

    private static T[] Pick<T>(T[] values, List<int> places)
    {
        T[] picked = new T[places.Count];
        for (int place = 0; place < picked.Length; place++)
        {
            picked[place] = values[places[place]];
        }

        return picked;
    }

    private readonly record struct Key(int User, int Item, int Type, long Time, int Place) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            int order = User.CompareTo(other.User);
            order = order != 0 ? order : Item.CompareTo(other.Item);
            order = order != 0 ? order : Type.CompareTo(other.Type);
            order = order != 0 ? order : Time.CompareTo(other.Time);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }

        public bool IsSameEvent(Key other) =>
            User == other.User && Item == other.Item && Type == other.Type && Time == other.Time;
    }
}
