using Palate.Llm;

namespace Palate.Storage;

/// <summary>Cached replies and grades in the home's database.</summary>
/// <remarks>
/// Values are stored together, off the path of the calls; a killed process loses those of its last interval, which costs
/// calls and nothing else. Expired values are removed now and then, and beyond a number those that expire first.
/// </remarks>
public sealed class SqliteCacheStore : ICacheStore, IDisposable
{
    private const int TrimEvery = 64;

    private readonly SqliteStore _store;
    private readonly TimeProvider _time;
    private readonly long _mostValues;
    private readonly WriteBehind<KeyValuePair<string, CacheRecord>> _writes;
    private int _batches;

    /// <summary>The cache of a database, which must stay open for longer than this.</summary>
    /// <param name="store">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mostValues">So many values are kept, about; 1 or more.</param>
    /// <param name="options">How long writes may wait; null for the defaults.</param>
    public SqliteCacheStore(
        SqliteStore store, TimeProvider time, long mostValues = 1_000_000, WriteBehindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostValues, 1);
        _store = store;
        _time = time;
        _mostValues = mostValues;
        _writes = new WriteBehind<KeyValuePair<string, CacheRecord>>(
            "cache", options ?? new WriteBehindOptions(), time, Write);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">The database failed.</exception>
    public ValueTask<IReadOnlyDictionary<string, CacheRecord>> GetAsync(
        IReadOnlyList<string> keys, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(keys);
        stop.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_store.ReadCache(keys, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public void Put(IReadOnlyList<KeyValuePair<string, CacheRecord>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        _writes.Add(records);
    }

    /// <summary>Stores what waits.</summary>
    /// <exception cref="StoreException">The database failed; nothing is lost.</exception>
    public void Flush() => _writes.Flush();

    /// <summary>Stores what waits.</summary>
    public void Dispose() => _writes.Dispose();

    private void Write(IReadOnlyList<KeyValuePair<string, CacheRecord>> records)
    {
        _store.WriteCache(records);
        if (_batches++ % TrimEvery == 0)
        {
            _store.TrimCache(_time.GetUtcNow(), _mostValues);
        }
    }
}
