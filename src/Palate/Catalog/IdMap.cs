using System.Diagnostics.CodeAnalysis;

namespace Palate;

/// <summary>A bijection between external string ids and dense indices, in order of first appearance.</summary>
/// <remarks>Adding is not thread-safe; a map that is no longer added to can be read from any thread.</remarks>
public sealed class IdMap
{
    private readonly Dictionary<string, int> _indices;
    private readonly List<string> _ids;

    /// <summary>An empty map.</summary>
    public IdMap()
    {
        _indices = new Dictionary<string, int>(StringComparer.Ordinal);
        _ids = [];
    }

    /// <summary>A map that holds <paramref name="ids"/> at the indices 0, 1, 2 and so on.</summary>
    /// <exception cref="ArgumentException">An id appears twice.</exception>
    public IdMap(IReadOnlyCollection<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        _indices = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        _ids = new List<string>(ids.Count);
        foreach (string id in ids)
        {
            if (!_indices.TryAdd(id, _ids.Count))
            {
                throw new ArgumentException($"The id '{id}' appears twice; ids must be unique.", nameof(ids));
            }

            _ids.Add(id);
        }
    }

    /// <summary>How many ids the map holds; indices are 0 to <c>Count - 1</c>.</summary>
    public int Count => _ids.Count;

    /// <summary>All ids in index order.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The external id at an index.</summary>
    public string this[int index] => _ids[index];

    /// <summary>The index of an id, which gets the next free index when it is new.</summary>
    public int Add(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!_indices.TryGetValue(id, out int index))
        {
            index = _ids.Count;
            _indices.Add(id, index);
            _ids.Add(id);
        }

        return index;
    }

    /// <summary>The index of an id, or -1 when the map does not hold it.</summary>
    public int IndexOf(string? id) => id is not null && _indices.TryGetValue(id, out int index) ? index : -1;

    /// <summary>Looks an id up.</summary>
    public bool TryGetIndex([NotNullWhen(true)] string? id, out int index)
    {
        index = IndexOf(id);
        return index >= 0;
    }
}
