using Palate.Llm;

namespace Palate.Storage;

/// <summary>Judged requests in the home's database, the newest of each pipeline's model.</summary>
/// <remarks>
/// Stored together, off the path of the requests: a killed process loses those of its last interval (a second) and no
/// more. While the disk is full some are kept in memory, and the next ones are lost and counted. Thread-safe.
/// </remarks>
public sealed class SqliteJudgments : IDisposable
{
    private static readonly WriteBehindOptions Defaults = new() { Batch = 200, Most = 2_000 };

    private readonly WriteBehind<StudentExample> _writes;

    /// <summary>The judged requests of a database, which must stay open for longer than this.</summary>
    /// <param name="store">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="most">How many requests are kept, by the pipeline's name; older ones go.</param>
    /// <param name="options">How long writes may wait; null for the defaults.</param>
    public SqliteJudgments(
        SqliteStore store, TimeProvider time, Func<string, int> most, WriteBehindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(most);
        _writes = new WriteBehind<StudentExample>(
            "judgments", options ?? Defaults, time, batch => store.AppendJudgments(batch, time.GetUtcNow(), most));
    }

    /// <summary>Requests that were lost because the store failed for too long.</summary>
    public long Lost => _writes.Lost;

    /// <summary>Keeps a request.</summary>
    public void Add(StudentExample judged)
    {
        ArgumentNullException.ThrowIfNull(judged);
        _writes.Add([judged]);
    }

    /// <summary>Stores what waits.</summary>
    /// <exception cref="StoreException">The database failed; nothing is lost.</exception>
    public void Flush() => _writes.Flush();

    /// <summary>Stores what waits.</summary>
    public void Dispose() => _writes.Dispose();
}
