using System.Globalization;

namespace Palate.Simulation;

/// <summary>What goes wrong with a call: a word and settings, <c>429;retry-after=1</c>.</summary>
internal sealed record SimulatedFault
{
    private static readonly string[] Words = ["hang", "drip", "garbage", "refuse", "cut", "close", "empty"];

    private SimulatedFault(string word) => Word = word;

    /// <summary>No fault.</summary>
    public static SimulatedFault None { get; } = new("");

    /// <summary>Empty for none, a status, or one of the words.</summary>
    public string Word { get; }

    /// <summary>The HTTP status to answer with; 0 for none.</summary>
    public int Status { get; private init; }

    /// <summary>The header Retry-After, in seconds; null for none.</summary>
    public double? RetryAfter { get; private init; }

    /// <summary>The time between two bytes of a drip.</summary>
    public TimeSpan Pause { get; private init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads a fault.</summary>
    /// <exception cref="ArgumentException">There is no such fault; the message lists those that there are.</exception>
    public static SimulatedFault Parse(string? text)
    {
        string[] parts = (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return None;
        }

        bool isStatus = int.TryParse(parts[0], CultureInfo.InvariantCulture, out int status) && status is >= 400 and <= 599;
        if (!isStatus && !Words.Contains(parts[0], StringComparer.Ordinal))
        {
            throw new ArgumentException(
                $"There is no fault '{parts[0]}'; use a status from 400 to 599, or one of {string.Join(", ", Words)}.");
        }

        var fault = new SimulatedFault(parts[0]) { Status = isStatus ? status : 0 };
        foreach (string setting in parts[1..])
        {
            string[] pair = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            bool isNumber = double.TryParse(pair[^1], CultureInfo.InvariantCulture, out double value)
                && value is >= 0 and <= 86_400_000;
            fault = (pair[0], isNumber) switch
            {
                ("retry-after", true) => fault with { RetryAfter = value },
                ("ms", true) => fault with { Pause = TimeSpan.FromMilliseconds(value) },
                _ => throw new ArgumentException(
                    $"The fault '{parts[0]}' has the setting '{setting}'; use retry-after=SECONDS or ms=MILLISECONDS."),
            };
        }

        return fault;
    }
}
