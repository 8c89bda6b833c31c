using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Keeps whole replies, in memory and in a store.</summary>
/// <remarks>
/// Safe to use from any thread; one serves several clients. The key covers everything that can change a reply: model,
/// messages, schema and all options, template, tenant, repetition, and the version of this format. Only text that the
/// model ended by itself is kept.
/// </remarks>
public sealed class ReplyCache
{
    private const string Name = "reply";

    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly LruCache<StoredReply> _memory;

    /// <summary>An empty cache over its store.</summary>
    public ReplyCache(CacheOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = CacheOptions.Checked(options);
        _time = time;
        _memory = new LruCache<StoredReply>(options.Entries, CacheOptions.Bytes, time);
    }

    /// <summary>Says of each reply that is about to be kept whether it is worth it; null for all.</summary>
    public Func<ChatResponse, bool>? Accept { get; init; }

    /// <summary>Replies in memory.</summary>
    public int Count => _memory.Count;

    /// <summary>Whether a reply came from a cache: its usage is what the first call used, and nothing was paid for it.</summary>
    public static bool IsFromCache(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return StoredReply.IsCached(response.AdditionalProperties);
    }

    /// <summary>Whether a piece of a streamed reply came from a cache.</summary>
    public static bool IsFromCache(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return StoredReply.IsCached(update.AdditionalProperties);
    }

    internal ValueTask<StoredReply?> Get(string key, CancellationToken stop)
    {
        if (_memory.TryGet(key, out StoredReply? reply))
        {
            LlmMetrics.Hit(Name);
            return ValueTask.FromResult<StoredReply?>(reply);
        }

        if (_options.Store is { } store)
        {
            return GetStored(store, key, stop);
        }

        LlmMetrics.Miss(Name);
        return ValueTask.FromResult<StoredReply?>(null);
    }

    internal void Put(string key, ChatResponse response)
    {
        if (StoredReply.From(response) is not { IsWhole: true } reply || Accept?.Invoke(response) == false)
        {
            return;
        }

        DateTimeOffset expires = _time.GetUtcNow() + _options.TimeToLive;
        _memory.Put(key, reply, expires, reply.Bytes);
        if (_options.Store is { } store)
        {
            try
            {
                store.Put([new(StoreKey(key), new CacheRecord(reply.ToJson(), expires))]);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LlmMetrics.CacheFailure(Name);
            }
        }
    }

    private static string StoreKey(string key) => "reply:" + key;

    private async ValueTask<StoredReply?> GetStored(ICacheStore store, string key, CancellationToken stop)
    {
        try
        {
            string storeKey = StoreKey(key);
            IReadOnlyDictionary<string, CacheRecord> found = await store.GetAsync([storeKey], stop);
            if (found.TryGetValue(storeKey, out CacheRecord? record) && record.Expires > _time.GetUtcNow())
            {
                StoredReply reply = StoredReply.Parse(record.Value);
                _memory.Put(key, reply, record.Expires, reply.Bytes);
                LlmMetrics.Hit(Name);
                return reply;
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            LlmMetrics.CacheFailure(Name);
        }

        LlmMetrics.Miss(Name);
        return null;
    }
}
