namespace Palate.Llm;

/// <summary>Says how much of the time that there is is kept for what comes after waiting.</summary>
internal static class Margin
{
    // A deadline of 5 or 10 ms would be eaten up by margins that are meant for 100.
    private const int LargestPart = 10;

    /// <summary>What was asked for, or a tenth of the time when that is less; never below zero.</summary>
    public static TimeSpan Of(TimeSpan left, TimeSpan wanted)
    {
        TimeSpan most = left > TimeSpan.Zero ? left / LargestPart : TimeSpan.Zero;
        return wanted < most ? wanted : most;
    }
}
