using Palate.Llm;

namespace Palate.Storage;

public sealed partial class SqliteStore
{
    /// <summary>How many cached values there are, expired ones included.</summary>
    public long CachedValues() => Use(connection => Count(connection, "cache"));

    internal IReadOnlyDictionary<string, CacheRecord> ReadCache(IReadOnlyList<string> keys, DateTimeOffset now) =>
        Use(connection =>
        {
            using var select = new Statement(connection, "SELECT value, expires FROM cache WHERE key = ?1 AND expires > ?2");
            var found = new Dictionary<string, CacheRecord>(StringComparer.Ordinal);
            foreach (string key in keys)
            {
                select.Bind(1, key).Bind(2, now.ToUnixTimeMilliseconds());
                if (select.Step())
                {
                    found[key] = new CacheRecord(
                        select.Bytes(0), DateTimeOffset.FromUnixTimeMilliseconds(select.Integer(1)));
                }

                select.Reset();
            }

            return found;
        });

    internal void WriteCache(IReadOnlyList<KeyValuePair<string, CacheRecord>> records) => InTransaction(connection =>
    {
        using var insert = new Statement(
            connection, "INSERT OR REPLACE INTO cache (key, value, expires) VALUES (?1, ?2, ?3)");
        foreach ((string key, CacheRecord record) in records)
        {
            insert.Bind(1, key).Bind(2, record.Value.Span).Bind(3, record.Expires.ToUnixTimeMilliseconds()).Run();
        }
    });

    // Expired values first, then those that expire first, until no more than so many are left.
    internal void TrimCache(DateTimeOffset now, long mostValues) => InTransaction(connection =>
    {
        using (var expired = new Statement(connection, "DELETE FROM cache WHERE expires <= ?1"))
        {
            expired.Bind(1, now.ToUnixTimeMilliseconds()).Run();
        }

        long over = Count(connection, "cache") - mostValues;
        if (over > 0)
        {
            using var oldest = new Statement(
                connection, "DELETE FROM cache WHERE key IN (SELECT key FROM cache ORDER BY expires LIMIT ?1)");
            oldest.Bind(1, over).Run();
        }
    });
}
