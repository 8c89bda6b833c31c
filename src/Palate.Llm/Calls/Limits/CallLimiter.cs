namespace Palate.Llm;

/// <summary>Makes calls to one model wait their turn, and refuses those whose turn would come too late.</summary>
/// <remarks>
/// <para>Safe to use from any thread; share it between the clients of one key. Rates are kept by the generic cell rate
/// algorithm (ITU-T I.371): each call takes the next free moment at once, so whether it would come before the deadline
/// is known without waiting.</para>
/// <para>A provider that wants to be left alone for a while (429 with Retry-After) holds up all calls.</para>
/// </remarks>
public sealed class CallLimiter : IDisposable
{
    // More that wait would wait for longer than a request lasts.
    private const int Queue = 256;

    // What part of a minute's allowance may be used at once: six seconds' worth, as providers that count by the second allow.
    private const double Burst = 0.1;

    // A call that could begin only with less than this left until its deadline would not be back in time.
    private static readonly TimeSpan ShortestCall = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;
    private readonly double _requestTicks;
    private readonly double _tokenTicks;
    private readonly double _burstTicks;
    private double _requestsFree;
    private double _tokensFree;
    private double _pausedUntil;
    private int _waiting;

    /// <summary>A limiter with everything free.</summary>
    public CallLimiter(LimitOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _time = time;
        _places = new SemaphoreSlim(options.Concurrency);
        double minute = TimeSpan.TicksPerMinute;
        _requestTicks = options.RequestsPerMinute > 0 ? minute / options.RequestsPerMinute : 0;
        _tokenTicks = options.TokensPerMinute > 0 ? minute / options.TokensPerMinute : 0;
        _burstTicks = Burst * minute;
    }

    /// <summary>Calls that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether a call that came now would have to wait for another to end.</summary>
    internal bool IsBusy => Waiting > 0 || _places.CurrentCount == 0;

    /// <summary>Releases the places.</summary>
    public void Dispose() => _places.Dispose();

    /// <summary>Waits for a place.</summary>
    /// <param name="tokens">The most tokens that the call can use.</param>
    /// <param name="deadline">The timestamp by which the reply must be here; null for none.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="ModelCallException">There is no place in time; nothing was taken.</exception>
    internal async ValueTask Enter(long tokens, long? deadline, CancellationToken stop)
    {
        TimeSpan left = deadline is { } end
            ? _time.GetElapsedTime(_time.GetTimestamp(), end) - ShortestCall
            : Timeout.InfiniteTimeSpan;
        if (deadline is not null && left <= TimeSpan.Zero)
        {
            throw new ModelCallException(
                ModelCallFailure.Overloaded, "There is no time left for a call before the deadline; it was not sent.");
        }

        TimeSpan wait = TakeRate(tokens, deadline is null ? null : left);
        if (wait <= TimeSpan.Zero && _places.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (Interlocked.Increment(ref _waiting) > Queue)
        {
            Interlocked.Decrement(ref _waiting);
            GiveBack(tokens, requests: 1);
            throw new ModelCallException(
                ModelCallFailure.Overloaded,
                $"{Queue} calls wait already; the call was not sent. Send fewer, or raise the limits.");
        }

        LlmMetrics.Queued(1);
        bool entered = false;
        try
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, stop);
            }

            entered = _places.Wait(0, CancellationToken.None)
                || await WaitForPlace(deadline is null ? left : left - wait, stop);
            if (!entered)
            {
                throw new ModelCallException(
                    ModelCallFailure.Overloaded, "No place became free before the deadline; the call was not sent.");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            LlmMetrics.Queued(-1);
            if (!entered)
            {
                GiveBack(tokens, requests: 1);
            }
        }
    }

    /// <summary>Gives the place back.</summary>
    /// <param name="reserved">The tokens that <see cref="Enter"/> was told.</param>
    /// <param name="used">Those that were used; null when that is not known.</param>
    /// <param name="pause">How long the provider wants to be left alone; null for not at all.</param>
    internal void Leave(long reserved, long? used, TimeSpan? pause)
    {
        _places.Release();
        if (used is { } known)
        {
            GiveBack(reserved - known, requests: 0);
        }

        if (pause is { } rest && rest > TimeSpan.Zero)
        {
            lock (_lock)
            {
                _pausedUntil = Math.Max(_pausedUntil, Now() + rest.Ticks);
            }
        }
    }

    private async Task<bool> WaitForPlace(TimeSpan patience, CancellationToken stop)
    {
        if (patience == Timeout.InfiniteTimeSpan)
        {
            await _places.WaitAsync(stop);
            return true;
        }

        if (patience <= TimeSpan.Zero)
        {
            return false;
        }

        using var timer = new CancellationTokenSource(patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            await _places.WaitAsync(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private TimeSpan TakeRate(long tokens, TimeSpan? left)
    {
        lock (_lock)
        {
            // "Free" is the moment up to which the allowance is used; a call may begin when that is at most a burst ahead.
            double now = Now();
            double requests = Math.Max(_requestsFree, now) + _requestTicks;
            double tokenTime = Math.Max(_tokensFree, now) + (tokens * _tokenTicks);
            double start = Math.Max(now, _pausedUntil);
            if (_requestTicks > 0)
            {
                start = Math.Max(start, requests - Math.Max(_burstTicks, _requestTicks));
            }

            if (_tokenTicks > 0)
            {
                // A call larger than a burst may begin when nothing is used.
                start = Math.Max(start, tokenTime - Math.Max(_burstTicks, tokens * _tokenTicks));
            }

            var wait = TimeSpan.FromTicks((long)Math.Ceiling(start - now));
            if (left is { } most && wait > most)
            {
                throw new ModelCallException(
                    ModelCallFailure.Overloaded,
                    FormattableString.Invariant(
                        $"The rate limits allow the call in {wait.TotalMilliseconds:0} ms, after its deadline; it was not sent."),
                    wait);
            }

            _requestsFree = requests;
            _tokensFree = tokenTime;
            return wait;
        }
    }

    private void GiveBack(long tokens, int requests)
    {
        lock (_lock)
        {
            _tokensFree -= tokens * _tokenTicks;
            _requestsFree -= requests * _requestTicks;
        }
    }

    private double Now() => _time.GetElapsedTime(0).Ticks;
}
