namespace Palate.Llm;

/// <summary>Counts how calls end, and says whether the next one may be sent.</summary>
/// <remarks>
/// Safe to use from any thread. Calls count in ten slices of the window. After a break one call probes: it closes the
/// breaker when it succeeds; when it fails the next break is twice as long. Polly's breaker wraps a delegate, which a
/// streamed reply is not, and its break does not grow by itself.
/// <para>A call that was cut off, by a request's deadline or a timeout, counts as failed when it had at least as long as the
/// good calls of the window took on average, and every one does while there are none. One that had less says nothing of the
/// model: a pipeline with a short deadline does not take the model from those with long ones.</para>
/// </remarks>
public sealed class Breaker
{
    /// <summary>Fewer calls say little: two failures of three may be chance.</summary>
    internal const int MinimumCalls = 10;

    /// <summary>How far back calls count.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private const int Slices = 10;
    private const double FailureShare = 0.5;

    // So many times the first break is the longest: a model that is back is found again within a minute by default.
    private const int LongestBreak = 12;

    private readonly Lock _lock = new();
    private readonly TimeSpan _firstBreak;
    private readonly TimeProvider _time;
    private readonly string _model;
    private readonly (long Slice, int Good, int Bad, TimeSpan GoodTime)[] _counts = new (long, int, int, TimeSpan)[Slices];
    private BreakerState _state;
    private TimeSpan _break;
    private long _openedAt;
    private bool _probing;
    private int _epoch;

    /// <summary>A closed breaker.</summary>
    /// <param name="firstBreak">How long nothing is sent after it opened; it doubles with each probe that fails.</param>
    /// <param name="time">The clock.</param>
    /// <param name="model">The model's name.</param>
    internal Breaker(TimeSpan firstBreak, TimeProvider time, string model)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstBreak, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBreak, TimeSpan.FromHours(1));
        _firstBreak = firstBreak;
        _time = time;
        _model = model;
        _break = firstBreak;
        LlmMetrics.CircuitState(model, BreakerState.Closed);
    }

    /// <summary>The state now.</summary>
    public BreakerState State
    {
        get
        {
            lock (_lock)
            {
                return _state == BreakerState.Open && Left() <= TimeSpan.Zero ? BreakerState.HalfOpen : _state;
            }
        }
    }

    /// <summary>Whether a call would be sent now; asking does not take the probe's place.</summary>
    public bool WouldAllow
    {
        get
        {
            lock (_lock)
            {
                return _state == BreakerState.Closed || (!_probing && Left() <= TimeSpan.Zero);
            }
        }
    }

    /// <summary>Lets a call through.</summary>
    /// <returns>What to give back with the call's end.</returns>
    /// <exception cref="ModelCallException">The breaker is open.</exception>
    internal Pass Enter()
    {
        lock (_lock)
        {
            if (_state == BreakerState.Closed)
            {
                return new Pass(_epoch, IsProbe: false, _time.GetTimestamp());
            }

            TimeSpan left = Left();
            if (_probing || left > TimeSpan.Zero)
            {
                throw new ModelCallException(
                    ModelCallFailure.BreakerOpen,
                    FormattableString.Invariant(
                        $"The model '{_model}' has failed too often and is left alone for another {Math.Max(0, left.TotalSeconds):0.###} s; see why it fails, or wait."),
                    left > TimeSpan.Zero ? left : null);
            }

            _probing = true;
            Become(BreakerState.HalfOpen);
            return new Pass(_epoch, IsProbe: true, _time.GetTimestamp());
        }
    }

    /// <summary>Whether a call's time is over.</summary>
    /// <remarks>Timers count whole milliseconds and go off up to one too early.</remarks>
    internal bool IsPast(long? deadline) =>
        deadline is { } end && _time.GetElapsedTime(_time.GetTimestamp(), end) <= TimeSpan.FromMilliseconds(2);

    /// <summary>Tells how a call ended: true for well, false for badly, null for neither.</summary>
    /// <param name="pass">What it was let through with.</param>
    /// <param name="good">How it ended.</param>
    /// <param name="isCut">Whether it ended because its time was up, and not by what the model did.</param>
    internal void Leave(Pass pass, bool? good, bool isCut = false)
    {
        TimeSpan took = _time.GetElapsedTime(pass.Started);
        lock (_lock)
        {
            // What was sent before the breaker last changed says nothing of the model now.
            if (pass.Epoch != _epoch)
            {
                return;
            }

            if (isCut && took < UsualTime())
            {
                good = null;
            }

            if (pass.IsProbe)
            {
                EndProbe(good, took);
            }
            else if (good is { } well)
            {
                Count(well, took);
            }
        }
    }

    private void EndProbe(bool? good, TimeSpan took)
    {
        _probing = false;
        switch (good)
        {
            case true:
                _epoch++;
                _break = _firstBreak;
                Array.Clear(_counts);
                Count(good: true, took);
                Become(BreakerState.Closed);
                break;
            case false:
                _epoch++;
                _break = TimeSpan.FromTicks(Math.Min(_break.Ticks * 2, _firstBreak.Ticks * LongestBreak));
                _openedAt = _time.GetTimestamp();
                Become(BreakerState.Open);
                break;
            case null:
                Become(BreakerState.Open);
                break;
        }
    }

    private void Count(bool good, TimeSpan took)
    {
        long slice = Slice();
        ref (long Slice, int Good, int Bad, TimeSpan GoodTime) counts = ref _counts[slice % Slices];
        if (counts.Slice != slice)
        {
            counts = (slice, 0, 0, TimeSpan.Zero);
        }

        if (good)
        {
            counts.Good++;
            counts.GoodTime += took;
            return;
        }

        counts.Bad++;
        int all = 0;
        int bad = 0;
        foreach ((long at, int wellHere, int badHere, _) in _counts)
        {
            if (at > slice - Slices)
            {
                all += wellHere + badHere;
                bad += badHere;
            }
        }

        if (all >= MinimumCalls && bad >= FailureShare * all)
        {
            _epoch++;
            _openedAt = _time.GetTimestamp();
            Become(BreakerState.Open);
        }
    }

    /// <summary>How long the good calls of the window took on average; zero when there are none.</summary>
    private TimeSpan UsualTime()
    {
        long slice = Slice();
        int good = 0;
        TimeSpan time = TimeSpan.Zero;
        foreach ((long at, int goodHere, _, TimeSpan timeHere) in _counts)
        {
            if (at > slice - Slices)
            {
                good += goodHere;
                time += timeHere;
            }
        }

        return good > 0 ? time / good : TimeSpan.Zero;
    }

    private long Slice() => (long)(_time.GetElapsedTime(0).Ticks / (Window.Ticks / (double)Slices));

    private TimeSpan Left() => _break - _time.GetElapsedTime(_openedAt);

    private void Become(BreakerState state)
    {
        if (_state != state)
        {
            _state = state;
            LlmMetrics.CircuitState(_model, state);
        }
    }

    internal readonly record struct Pass(int Epoch, bool IsProbe, long Started);
}
