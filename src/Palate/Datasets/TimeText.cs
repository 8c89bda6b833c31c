using System.Globalization;

namespace Palate;

/// <summary>Times as data sets write them: Unix seconds, with or without a fraction, or ISO 8601.</summary>
internal static class TimeText
{
    /// <summary>The Unix second that a text means; a time without a zone is UTC.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long seconds)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out seconds))
        {
            return true;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number) < 1e15)
        {
            seconds = (long)Math.Floor(number);
            return true;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        bool isDate = text.Length >= 8 && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTimeOffset time)
            && Assign(time, out seconds);
        return isDate;
    }

    /// <summary>What is wrong with a time, or null when it can be stored.</summary>
    public static string? Complain(long seconds, long latest) => seconds switch
    {
        < 0 => $"The time {seconds} lies before 1970.",
        _ when seconds > latest && seconds / 1000 <= latest && seconds / 1000 > 0 =>
            $"The time {seconds} lies in the future; it looks like milliseconds, and seconds are expected.",
        _ when seconds > latest => $"The time {seconds} lies in the future.",
        _ => null,
    };

    private static bool Assign(DateTimeOffset time, out long seconds)
    {
        seconds = time.ToUnixTimeSeconds();
        return true;
    }
}
