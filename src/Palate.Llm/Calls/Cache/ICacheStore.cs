namespace Palate.Llm;

/// <summary>Keeps cached bytes beyond the life of the process.</summary>
/// <remarks>Safe to use from any thread. A store that fails costs a miss, never a call.</remarks>
public interface ICacheStore
{
    /// <summary>The values of those keys that are there and have not expired, with the time at which they do.</summary>
    ValueTask<IReadOnlyDictionary<string, CacheRecord>> GetAsync(IReadOnlyList<string> keys, CancellationToken stop);

    /// <summary>Keeps values; quick, so it may write later.</summary>
    void Put(IReadOnlyList<KeyValuePair<string, CacheRecord>> records);
}
