using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Palate.Serving;

/// <summary>Keeps short answers for a while: a generation answers the same question the same way.</summary>
/// <remarks>
/// Two halves: new answers go into the young one; when it is full it becomes the old one, whose answers are forgotten
/// unless they were asked for again meanwhile. So the cache is bounded, and no list is kept in order on every hit.
/// Safe to use from any thread.
/// </remarks>
internal sealed class AnswerCache(int capacity, TimeSpan maxAge, TimeProvider time)
{
    private readonly int _half = (capacity + 1) / 2;
    private volatile ConcurrentDictionary<AnswerKey, StoredAnswer> _young = new();
    private volatile ConcurrentDictionary<AnswerKey, StoredAnswer> _old = new();
    private int _youngCount;

    /// <summary>How many answers are kept.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>The answer to the same question, when it is young enough.</summary>
    /// <param name="key">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="age">How long ago it was written.</param>
    public bool TryGet(in AnswerKey key, [NotNullWhen(true)] out StoredAnswer? answer, out TimeSpan age)
    {
        age = default;
        bool isYoung = _young.TryGetValue(key, out answer);
        if (!isYoung && !_old.TryGetValue(key, out answer))
        {
            return false;
        }

        age = time.GetElapsedTime(answer!.WrittenAt);
        if (age >= maxAge)
        {
            answer = null;
            return false;
        }

        if (!isYoung)
        {
            Keep(key, answer);
        }

        return true;
    }

    /// <summary>Keeps an answer that was just written.</summary>
    public void Add(in AnswerKey key, ReadOnlySpan<byte> body, string mode)
    {
        if (capacity > 0)
        {
            Keep(key, new StoredAnswer(body.ToArray(), mode, time.GetTimestamp()));
        }
    }

    private void Keep(in AnswerKey key, StoredAnswer answer)
    {
        if (!_young.TryAdd(key, answer))
        {
            _young[key] = answer;
        }
        else if (Interlocked.Increment(ref _youngCount) >= _half)
        {
            // Two threads may both find it full; then a half is forgotten early, which costs a few answers and no more.
            Interlocked.Exchange(ref _youngCount, 0);
            _old = _young;
            _young = new ConcurrentDictionary<AnswerKey, StoredAnswer>();
        }
    }
}
