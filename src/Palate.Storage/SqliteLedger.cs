using Palate.Llm;

namespace Palate.Storage;

/// <summary>A ledger in the home's database.</summary>
/// <remarks>
/// Entries are stored together, off the path of the calls: after an interval (a second by default), or when a thousand
/// wait. A killed process loses those of its last interval and no more; a stopped one none. A report stores what waits
/// before it adds up. When the disk is full entries are kept in memory, see <see cref="Lost"/>.
/// </remarks>
public sealed class SqliteLedger : ILedger, IDisposable
{
    private readonly SqliteStore _store;
    private readonly WriteBehind<LedgerEntry> _writes;

    /// <summary>The ledger of a database, which must stay open for longer than this.</summary>
    public SqliteLedger(SqliteStore store, TimeProvider time, WriteBehindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        _store = store;
        _writes = new WriteBehind<LedgerEntry>(
            "ledger", options ?? new WriteBehindOptions(), time, store.AppendToLedger);
    }

    /// <summary>Entries that are not stored yet.</summary>
    public int Waiting => _writes.Waiting;

    /// <summary>Entries that were lost because the store failed for too long.</summary>
    public long Lost => _writes.Lost;

    /// <summary>Why entries could not be stored the last time; null when they could.</summary>
    public StoreException? LastFailure => _writes.LastFailure;

    /// <inheritdoc/>
    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _writes.Add([entry]);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">The database failed.</exception>
    public IReadOnlyList<LedgerTotal> Report(LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _writes.Flush();
        return _store.ReportLedger(query);
    }

    /// <summary>Stores what waits.</summary>
    /// <exception cref="StoreException">The database failed; nothing is lost.</exception>
    public void Flush() => _writes.Flush();

    /// <summary>Stores what waits.</summary>
    public void Dispose() => _writes.Dispose();
}
