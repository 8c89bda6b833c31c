using System.Buffers.Binary;
using System.Text;

namespace Palate.Llm;

/// <summary>Keeps grades by context and item, so that of sixty items only those are asked about that are not known.</summary>
/// <remarks>
/// Safe to use from any thread. A context is everything but the item that can change a grade: make its key with
/// <see cref="ContextKey"/>. An item's key names what the prompt shows of it.
/// </remarks>
public sealed class GradeCache
{
    private const string Name = "grade";

    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly LruCache<CachedGrade> _memory;

    /// <summary>An empty cache over its store.</summary>
    public GradeCache(CacheOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = CacheOptions.Checked(options);
        _time = time;
        _memory = new LruCache<CachedGrade>(options.Entries, CacheOptions.Bytes, time);
    }

    /// <summary>Grades in memory.</summary>
    public int Count => _memory.Count;

    /// <summary>
    /// Names a context: model, template, tenant, query, user's history and profile, goal, whether reasons are wanted.
    /// </summary>
    /// <remarks>SHA-256 over the parts with their lengths; null differs from empty.</remarks>
    public static string ContextKey(params ReadOnlySpan<string?> parts) => RequestKey.Of(parts);

    /// <summary>The known grade of each item, in their order; null where there is none.</summary>
    /// <param name="context">The context's key.</param>
    /// <param name="items">The items' keys.</param>
    /// <param name="stop">Ends the search in the store.</param>
    public ValueTask<CachedGrade?[]> GetAsync(
        string context, IReadOnlyList<string> items, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var grades = new CachedGrade?[items.Count];
        List<int>? missing = null;
        for (int index = 0; index < grades.Length; index++)
        {
            if (_memory.TryGet(Key(context, items[index]), out CachedGrade? grade))
            {
                grades[index] = grade;
            }
            else
            {
                (missing ??= []).Add(index);
            }
        }

        if (missing is not null && _options.Store is { } store)
        {
            return Stored(store, context, items, grades, missing, stop);
        }

        Tell(grades);
        return ValueTask.FromResult(grades);
    }

    /// <summary>Keeps a grade.</summary>
    public void Put(string context, string item, CachedGrade grade) => Put(context, [new(item, grade)]);

    /// <summary>Keeps grades of several items.</summary>
    /// <exception cref="ArgumentException">A grade is not from 0 to 1.</exception>
    public void Put(string context, IReadOnlyList<KeyValuePair<string, CachedGrade>> grades)
    {
        ArgumentNullException.ThrowIfNull(grades);
        DateTimeOffset expires = _time.GetUtcNow() + _options.TimeToLive;
        var records = new List<KeyValuePair<string, CacheRecord>>(_options.Store is null ? 0 : grades.Count);
        foreach ((string item, CachedGrade grade) in grades)
        {
            if (grade.Grade is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"A grade is {grade.Grade}; it must be from 0 to 1.", nameof(grades));
            }

            string key = Key(context, item);
            _memory.Put(key, grade, expires, Size(key, grade));
            if (_options.Store is not null)
            {
                records.Add(new(StoreKey(key), new CacheRecord(Write(grade), expires)));
            }
        }

        try
        {
            _options.Store?.Put(records);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LlmMetrics.CacheFailure(Name);
        }
    }

    // A context's key never holds a colon: it is hexadecimal, or the length before it tells it apart.
    private static string Key(string context, string item) => $"{context.Length}:{context}:{item}";

    private static string StoreKey(string key) => "grade:" + key;

    private static long Size(string key, CachedGrade grade) =>
        (2L * key.Length) + (2L * (grade.Rationale?.Length ?? 0)) + 128;

    private static byte[] Write(CachedGrade grade)
    {
        int text = grade.Rationale is null ? 0 : Encoding.UTF8.GetByteCount(grade.Rationale);
        byte[] bytes = new byte[sizeof(double) + 1 + text];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, grade.Grade);
        if (grade.Rationale is not null)
        {
            bytes[sizeof(double)] = 1;
            Encoding.UTF8.GetBytes(grade.Rationale, bytes.AsSpan(sizeof(double) + 1));
        }

        return bytes;
    }

    // Null when the bytes are damaged; the item is then asked about again.
    private static CachedGrade? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(double) + 1
            || BinaryPrimitives.ReadDoubleLittleEndian(bytes) is not (>= 0 and <= 1))
        {
            return null;
        }

        return new CachedGrade(
            BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            bytes[sizeof(double)] == 0 ? null : Encoding.UTF8.GetString(bytes[(sizeof(double) + 1)..]));
    }

    private static void Tell(CachedGrade?[] grades)
    {
        foreach (CachedGrade? grade in grades)
        {
            if (grade is null)
            {
                LlmMetrics.Miss(Name);
            }
            else
            {
                LlmMetrics.Hit(Name);
            }
        }
    }

    private async ValueTask<CachedGrade?[]> Stored(
        ICacheStore store,
        string context,
        IReadOnlyList<string> items,
        CachedGrade?[] grades,
        List<int> missing,
        CancellationToken stop)
    {
        try
        {
            string[] keys = [.. missing.Select(index => Key(context, items[index]))];
            IReadOnlyDictionary<string, CacheRecord> found =
                await store.GetAsync([.. keys.Select(StoreKey)], stop);
            for (int place = 0; place < keys.Length; place++)
            {
                if (found.TryGetValue(StoreKey(keys[place]), out CacheRecord? record)
                    && record.Expires > _time.GetUtcNow() && Read(record.Value.Span) is { } grade)
                {
                    grades[missing[place]] = grade;
                    _memory.Put(keys[place], grade, record.Expires, Size(keys[place], grade));
                }
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            LlmMetrics.CacheFailure(Name);
        }

        Tell(grades);
        return grades;
    }
}
