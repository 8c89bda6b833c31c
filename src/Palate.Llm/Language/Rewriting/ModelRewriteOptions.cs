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

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check("timeout", Timeout.TotalMilliseconds, Timeout.TotalMilliseconds is >= 1 and <= 60_000, "1 to 60000 ms");
        Check("tokens", Tokens, Tokens >= 1, "1 or more");
        Check("micro-dollars", MicroDollars, MicroDollars >= 1, "1 or more");
    }

    private static void Check(string name, double value, bool valid, string limits)
    {
        if (!valid)
        {
            throw new ArgumentException(FormattableString.Invariant($"The {name} of rewriting is {value}; give {limits}."));
        }
    }
}
