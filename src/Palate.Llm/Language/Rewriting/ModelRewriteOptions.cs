namespace Palate.Llm;

/// <summary>What one rewriting by a model may cost, whatever the request allows.</summary>
public sealed record ModelRewriteOptions
{
    /// <summary>How long the call may take.</summary>
    /// <value>The default is 100 milliseconds. 1 millisecond to 1 minute.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many tokens, prompt and reply together, may be used; 1 or more.</summary>
    /// <value>The default is 400: the prompt has about 100, the reply at most 60.</value>
    public int Tokens { get; init; } = 400;

    /// <summary>How many millionths of a dollar may be spent; 1 or more.</summary>
    /// <value>The default is 500: a twentieth of a cent.</value>
    public long MicroDollars { get; init; } = 500;

    /// <summary>How many rewritten queries are kept in memory, those that were asked for last; 0 or more.</summary>
    /// <value>The default is 10,000.</value>
    public int Kept { get; init; } = 10_000;

    /// <summary>How long they are kept.</summary>
    /// <value>The default is a day. Above 0.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check("timeout", Timeout.TotalMilliseconds, Timeout.TotalMilliseconds is >= 1 and <= 60_000, "1 to 60000 ms");
        Check("tokens", Tokens, Tokens >= 1, "1 or more");
        Check("micro-dollars", MicroDollars, MicroDollars >= 1, "1 or more");
        Check("number of kept queries", Kept, Kept >= 0, "0 or more");
        Check("time to live in seconds", TimeToLive.TotalSeconds, TimeToLive > TimeSpan.Zero, "more than 0");
    }

    private static void Check(string name, double value, bool valid, string limits)
    {
        if (!valid)
        {
            throw new ArgumentException(FormattableString.Invariant($"The {name} of rewriting is {value}; give {limits}."));
        }
    }
}
