namespace Palate.Llm;

/// <summary>How a request's questions are asked.</summary>
public sealed record RunnerOptions
{
    /// <summary>How many calls of one request may be under way at the same time, 1 to 256.</summary>
    /// <value>The default is 16.</value>
    public int Concurrency { get; init; } = 16;

    /// <summary>How many rounds of questions, one after the other, are asked at most, 1 to 1,000.</summary>
    /// <value>The default is 300: enough for every strategy; the deadline is what usually ends a request.</value>
    public int MaxRounds { get; init; } = 300;

    /// <summary>How many calls one request may start, 1 to 100,000.</summary>
    /// <value>The default is 10,000.</value>
    public int MaxCalls { get; init; } = 10_000;

    /// <summary>Asking ends when the top is this probably settled, 0.5 to 1; 1 asks until the strategy is done.</summary>
    /// <value>The default is 0.98.</value>
    public double SettledAt { get; init; } = 0.98;

    /// <summary>One call may take at most this long; inside the request's deadline.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(Concurrency is >= 1 and <= 256, nameof(Concurrency), Concurrency, "1 to 256");
        Check(MaxRounds is >= 1 and <= 1000, nameof(MaxRounds), MaxRounds, "1 to 1000");
        Check(MaxCalls is >= 1 and <= 100_000, nameof(MaxCalls), MaxCalls, "1 to 100000");
        Check(SettledAt is >= 0.5 and <= 1, nameof(SettledAt), SettledAt, "0.5 to 1");
        Check(CallTimeout > TimeSpan.Zero, nameof(CallTimeout), CallTimeout, "more than zero");
    }

    private static void Check(bool isGood, string name, IFormattable value, string limits)
    {
        if (!isGood)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {limits}."));
        }
    }
}
