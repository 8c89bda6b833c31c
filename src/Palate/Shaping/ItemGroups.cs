namespace Palate;

/// <summary>Puts items into two groups, for fairness: 0, 1, or -1 where it is not known.</summary>
public static class ItemGroups
{
    /// <summary>Group 1 from a number on, group 0 below it, for example films by year.</summary>
    /// <param name="column">An attribute whose values are numbers.</param>
    /// <param name="from">The least number of group 1.</param>
    /// <exception cref="ArgumentException">The attribute has values that are not numbers.</exception>
    public static int[] ByNumber(AttributeColumn column, float from) => ByNumber(column, from, All(column));

    /// <summary>The same for some items only.</summary>
    /// <param name="column">An attribute whose values are numbers.</param>
    /// <param name="from">The least number of group 1.</param>
    /// <param name="items">Item indices.</param>
    /// <exception cref="ArgumentException">The attribute has values that are not numbers.</exception>
    public static int[] ByNumber(AttributeColumn column, float from, ReadOnlySpan<int> items)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.Numbers is not { } numbers)
        {
            throw new ArgumentException(
                $"The attribute '{column.Name}' has values that are not numbers; name the values of group 1 instead.",
                nameof(column));
        }

        int[] groups = new int[items.Length];
        for (int place = 0; place < groups.Length; place++)
        {
            float number = numbers[items[place]];
            groups[place] = float.IsNaN(number) ? -1 : number >= from ? 1 : 0;
        }

        return groups;
    }

    /// <summary>Group 1 for items that have one of the values, group 0 for those that have others.</summary>
    /// <param name="column">The attribute.</param>
    /// <param name="values">The values of group 1.</param>
    public static int[] ByValues(AttributeColumn column, IReadOnlyCollection<string> values) =>
        ByValues(column, values, All(column));

    /// <summary>The same for some items only.</summary>
    /// <param name="column">The attribute.</param>
    /// <param name="values">The values of group 1.</param>
    /// <param name="items">Item indices.</param>
    public static int[] ByValues(AttributeColumn column, IReadOnlyCollection<string> values, ReadOnlySpan<int> items)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(values);
        var codes = new HashSet<int>(values.Select(column.Values.IndexOf));
        int[] groups = new int[items.Length];
        for (int place = 0; place < groups.Length; place++)
        {
            ReadOnlySpan<int> own = column[items[place]];
            groups[place] = own.IsEmpty ? -1 : 0;
            foreach (int code in own)
            {
                groups[place] = codes.Contains(code) ? 1 : groups[place];
            }
        }

        return groups;
    }

    private static int[] All(AttributeColumn column) => [.. Enumerable.Range(0, column.Count)];
}
