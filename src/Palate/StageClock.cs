namespace Palate;

/// <summary>Measures how long each stage of a request takes, from the moment it arrived.</summary>
internal struct StageClock
{
    private readonly TimeProvider _time;
    private readonly List<StageTiming> _laps;
    private readonly long _start;
    private long _last;

    /// <summary>A clock that starts now.</summary>
    public StageClock(TimeProvider time)
    {
        _time = time;
        _laps = new List<StageTiming>(4);
        _start = _last = time.GetTimestamp();
    }

    /// <summary>The stages so far.</summary>
    public readonly IReadOnlyList<StageTiming> Laps => _laps;

    /// <summary>The timestamp of a moment after the request arrived.</summary>
    public readonly long After(TimeSpan span) => _start + (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>A stage has ended.</summary>
    public void Lap(string stage)
    {
        long now = _time.GetTimestamp();
        _laps.Add(new StageTiming(stage, _time.GetElapsedTime(_last, now).TotalMilliseconds));
        _last = now;
    }
}
