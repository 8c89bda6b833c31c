using System.Diagnostics.CodeAnalysis;

namespace Palate.Llm;

/// <summary>Keeps what was used last, up to a number of entries and bytes, until it expires.</summary>
/// <remarks>Safe to use from any thread. Every operation takes constant time.</remarks>
internal sealed class LruCache<T>(int mostEntries, long mostBytes, TimeProvider time)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _order = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public bool TryGet(string key, [NotNullWhen(true)] out T? value)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                if (node.Value.Expires > time.GetUtcNow())
                {
                    _order.Remove(node);
                    _order.AddFirst(node);
                    value = node.Value.Value;
                    return true;
                }

                Remove(node);
            }
        }

        value = null;
        return false;
    }

    public void Put(string key, T value, DateTimeOffset expires, long bytes)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? old))
            {
                Remove(old);
            }

            if (bytes > mostBytes || expires <= time.GetUtcNow())
            {
                return;
            }

            _entries[key] = _order.AddFirst(new Entry(key, value, expires, bytes));
            _bytes += bytes;
            while (_entries.Count > mostEntries || _bytes > mostBytes)
            {
                Remove(_order.Last!);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(string Key, T Value, DateTimeOffset Expires, long Bytes);
}
