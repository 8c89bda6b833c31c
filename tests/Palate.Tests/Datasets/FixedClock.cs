namespace Palate.Tests;

/// <summary>A clock that stands still, at 2026-01-01 unless told otherwise.</summary>
internal sealed class FixedClock(long unixSeconds = 1_767_225_600) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
}
