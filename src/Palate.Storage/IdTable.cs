using Microsoft.Data.Sqlite;

namespace Palate.Storage;

/// <summary>The external ids of one table and their numbers; unknown ids are added with the next number.</summary>
/// <remarks>
/// Numbers count up from 1 in the order of first appearance. Use it inside a write transaction, after
/// <see cref="Refresh"/>: another process may have added ids in between. Not thread-safe.
/// </remarks>
internal sealed class IdTable : IDisposable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Statement _newer;
    private readonly Statement _insert;
    private long _last;

    /// <param name="connection">Where the table is.</param>
    /// <param name="newer">Selects id and external of the rows after id ?1, by id.</param>
    /// <param name="insert">Inserts id ?1 with external ?2.</param>
    public IdTable(SqliteConnection connection, string newer, string insert)
    {
        _newer = new Statement(connection, newer);
        _insert = new Statement(connection, insert);
    }

    /// <summary>Reads what was added since the last call.</summary>
    public void Refresh()
    {
        _newer.Bind(1, _last);
        while (_newer.Step())
        {
            _last = _newer.Integer(0);
            _numbers[_newer.Text(1)] = checked((int)_last);
        }

        _newer.Reset();
    }

    /// <summary>The number of an id, which is added when it is new.</summary>
    public int Resolve(string external)
    {
        if (_numbers.TryGetValue(external, out int number))
        {
            return number;
        }

        _last++;
        number = checked((int)_last);
        _insert.Bind(1, _last).Bind(2, external).Run();
        _numbers.Add(external, number);
        return number;
    }

    public void Dispose()
    {
        _newer.Dispose();
        _insert.Dispose();
    }
}
