namespace Palate;

/// <summary>Which items a request may return; applied before any selection.</summary>
/// <remarks>One bit per item. Not thread-safe while it is being written.</remarks>
public sealed class ItemFilter
{
    private readonly ulong[] _blocked;

    /// <summary>A filter that allows all of a catalog's items.</summary>
    public ItemFilter(int items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        Count = items;
        _blocked = new ulong[(items + 63) / 64];
    }

    /// <summary>How many items the filter is about.</summary>
    public int Count { get; }

    /// <summary>One bit per item, set when it is blocked; item i is bit i % 64 of word i / 64.</summary>
    public ReadOnlySpan<ulong> Blocked => _blocked;

    /// <summary>Whether an item may be returned.</summary>
    public bool Allows(int item) => (_blocked[item >> 6] >> (item & 63) & 1) == 0;

    /// <summary>Excludes one item.</summary>
    public void Block(int item) => _blocked[item >> 6] |= 1UL << (item & 63);

    /// <summary>Excludes several items.</summary>
    public void Block(ReadOnlySpan<int> items)
    {
        foreach (int item in items)
        {
            Block(item);
        }
    }

    /// <summary>Excludes items by their external ids.</summary>
    /// <returns>How many of the ids the catalog does not know.</returns>
    internal int Block(IdMap ids, IReadOnlyList<string> unwanted)
    {
        int unknown = 0;
        foreach (string id in unwanted)
        {
            if (ids.TryGetIndex(id, out int item))
            {
                Block(item);
            }
            else
            {
                unknown++;
            }
        }

        return unknown;
    }

    /// <summary>Excludes every item that has none of the wanted values of an attribute.</summary>
    /// <param name="column">The attribute; null means that no item has it, so every item is excluded.</param>
    /// <param name="wanted">The values of which an item needs at least one.</param>
    public void Require(AttributeColumn? column, IReadOnlyCollection<string> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (column is null)
        {
            _blocked.AsSpan().Fill(ulong.MaxValue);
            return;
        }

        var codes = new HashSet<int>(wanted.Select(column.Values.IndexOf));
        for (int item = 0; item < Count; item++)
        {
            bool matches = false;
            foreach (int code in column[item])
            {
                matches |= codes.Contains(code);
            }

            if (!matches)
            {
                Block(item);
            }
        }
    }
}
