namespace Palate;

/// <summary>What a request knows of its user: who they are, if known, and what they interacted with.</summary>
/// <remarks>Items are ascending and each appears once; <see cref="Values"/> and <see cref="Times"/> run beside them.</remarks>
public sealed class Profile
{
    /// <summary>A profile over memory that stays unchanged while the profile is used.</summary>
    /// <param name="user">The user's index in the generation, or -1.</param>
    /// <param name="items">Item indices, ascending, each once.</param>
    /// <param name="values">The value of each interaction.</param>
    /// <param name="times">The Unix second of each interaction; 0 when unknown.</param>
    /// <param name="isTrained">Whether this history is exactly the row that the generation was trained on.</param>
    public Profile(
        int user, ReadOnlyMemory<int> items, ReadOnlyMemory<float> values, ReadOnlyMemory<long> times, bool isTrained)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, items.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Length, items.Length);
        User = user;
        ItemMemory = items;
        ValueMemory = values;
        TimeMemory = times;
        IsTrained = isTrained;
    }

    /// <summary>The user's index in the generation, or -1 for somebody whom it does not know.</summary>
    public int User { get; }

    /// <summary>
    /// Whether the history is exactly the row that the models were fitted on, so that what they stored for the user
    /// (factors, neighbours) applies; otherwise a source folds the history in.
    /// </summary>
    public bool IsTrained { get; }

    /// <summary>The items of the history, ascending.</summary>
    public ReadOnlySpan<int> Items => ItemMemory.Span;

    /// <summary>The value of each interaction.</summary>
    public ReadOnlySpan<float> Values => ValueMemory.Span;

    /// <summary>The Unix second of each interaction.</summary>
    public ReadOnlySpan<long> Times => TimeMemory.Span;

    private ReadOnlyMemory<int> ItemMemory { get; }

    private ReadOnlyMemory<float> ValueMemory { get; }

    private ReadOnlyMemory<long> TimeMemory { get; }

    /// <summary>The profile of a user whom the generation was trained on.</summary>
    public static Profile OfRow(InteractionMatrix matrix, int user)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int start = matrix.Offsets[user];
        int length = matrix.RowCount(user);
        return new Profile(
            user,
            matrix.Indices.AsMemory(start, length),
            matrix.Values.AsMemory(start, length),
            matrix.Times.AsMemory(start, length),
            isTrained: true);
    }

    /// <summary>The stored history of a user with the items of the running session.</summary>
    /// <param name="matrix">The histories.</param>
    /// <param name="user">The user's index, or -1.</param>
    /// <param name="ids">The items' external ids.</param>
    /// <param name="session">The items of the session; those that <paramref name="ids"/> does not know are left out.</param>
    /// <param name="now">The Unix second of session items without a time.</param>
    /// <param name="unknown">How many were left out.</param>
    internal static Profile OfSession(
        InteractionMatrix matrix, int user, IdMap ids, IReadOnlyList<SessionItem> session, long now, out int unknown)
    {
        unknown = 0;
        if (session.Count == 0)
        {
            return user >= 0 ? OfRow(matrix, user) : OfEvents(-1, [], [], []);
        }

        List<int> items = [];
        List<float> values = [];
        List<long> times = [];
        if (user >= 0)
        {
            items.AddRange(matrix.Row(user));
            values.AddRange(matrix.RowValues(user));
            times.AddRange(matrix.RowTimes(user));
        }

        foreach (SessionItem entry in session)
        {
            if (ids.TryGetIndex(entry.ItemId, out int item))
            {
                items.Add(item);
                values.Add(entry.Value);
                times.Add(entry.Time == 0 ? now : entry.Time);
            }
            else
            {
                unknown++;
            }
        }

        return OfEvents(user, [.. items], [.. values], [.. times]);
    }

    /// <summary>A profile from events in any order; of several events on one item the latest counts.</summary>
    public static Profile OfEvents(
        int user, ReadOnlySpan<int> items, ReadOnlySpan<float> values, ReadOnlySpan<long> times)
    {
        int[] keys = items.ToArray();
        int[] order = new int[keys.Length];
        for (int place = 0; place < order.Length; place++)
        {
            order[place] = place;
        }

        long[] when = times.ToArray();
        Array.Sort(order, (a, b) => (keys[a], when[a], a).CompareTo((keys[b], when[b], b)));
        var unique = new List<int>(order.Length);
        foreach (int place in order)
        {
            if (unique.Count > 0 && keys[unique[^1]] == keys[place])
            {
                unique[^1] = place;
            }
            else
            {
                unique.Add(place);
            }
        }

        int[] uniqueItems = new int[unique.Count];
        float[] uniqueValues = new float[unique.Count];
        long[] uniqueTimes = new long[unique.Count];
        for (int place = 0; place < unique.Count; place++)
        {
            uniqueItems[place] = keys[unique[place]];
            uniqueValues[place] = values[unique[place]];
            uniqueTimes[place] = when[unique[place]];
        }

        return new Profile(user, uniqueItems, uniqueValues, uniqueTimes, isTrained: false);
    }
}
