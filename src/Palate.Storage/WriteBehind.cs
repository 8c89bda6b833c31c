using System.Diagnostics.Metrics;

namespace Palate.Storage;

/// <summary>Collects writes and stores them together, off the path of those who write.</summary>
/// <remarks>
/// Safe to use from any thread. What waits is stored after an interval, when a batch is full, on <see cref="Flush"/> and
/// on disposal. When the store fails everything is kept, up to a limit, and tried again after the next interval.
/// </remarks>
internal sealed class WriteBehind<T> : IDisposable
{
    private static readonly Meter Meter = new("Palate.Storage");
    private static readonly Counter<long> LostWrites = Meter.CreateCounter<long>("store_lost_writes_total");

    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private readonly WriteBehindOptions _options;
    private readonly Action<IReadOnlyList<T>> _store;
    private readonly string _name;
    private readonly ITimer _timer;
    private List<T> _waiting = [];
    private bool _scheduled;
    private bool _failing;
    private long _lost;

    public WriteBehind(string name, WriteBehindOptions options, TimeProvider time, Action<IReadOnlyList<T>> store)
    {
        options.Validate();
        _name = name;
        _options = options;
        _store = store;
        _timer = time.CreateTimer(
            static state => ((WriteBehind<T>)state!).TryFlush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes that were lost because the store failed for too long.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Writes that are not stored yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Why the last attempt to store failed; null when it did not.</summary>
    public StoreException? LastFailure { get; private set; }

    public void Add(IReadOnlyList<T> writes)
    {
        lock (_lock)
        {
            int before = _waiting.Count;
            int room = _options.Most - before;
            for (int index = 0; index < Math.Min(room, writes.Count); index++)
            {
                _waiting.Add(writes[index]);
            }

            if (writes.Count > room)
            {
                Interlocked.Add(ref _lost, writes.Count - room);
                LostWrites.Add(writes.Count - room, new KeyValuePair<string, object?>("writes", _name));
            }

            if (_waiting.Count / _options.Batch > before / _options.Batch && !_failing)
            {
                // On the timer's thread at once, not here.
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                _scheduled = true;
            }
            else if (!_scheduled)
            {
                _timer.Change(_options.Interval, Timeout.InfiniteTimeSpan);
                _scheduled = true;
            }
        }
    }

    /// <summary>Stores what waits.</summary>
    /// <exception cref="StoreException">The store failed; everything is kept.</exception>
    public void Flush()
    {
        lock (_flushing)
        {
            List<T> batch;
            lock (_lock)
            {
                _scheduled = false;
                batch = _waiting;
                _waiting = [];
            }

            if (batch.Count == 0)
            {
                return;
            }

            try
            {
                _store(batch);
                LastFailure = null;
                _failing = false;
            }
            catch (StoreException e)
            {
                LastFailure = e;
                lock (_lock)
                {
                    _failing = true;
                    batch.AddRange(_waiting);
                    _waiting = batch;
                    _scheduled = true;
                    _timer.Change(_options.Interval, Timeout.InfiniteTimeSpan);
                }

                throw;
            }
        }
    }

    /// <summary>Stores what waits, as far as that is possible.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        TryFlush();
    }

    private void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (StoreException)
        {
            // Kept for the next time, and told by LastFailure.
        }
        catch (ObjectDisposedException)
        {
            // The timer of a store that failed as it was closed.
        }
    }
}
