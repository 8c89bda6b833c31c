namespace Palate.Llm;

/// <summary>How a cross-encoder behind a rerank interface re-ranks.</summary>
public sealed record RerankApiRerankerOptions
{
    /// <summary>The name in settings and reasons; required.</summary>
    public required string Name { get; init; }

    /// <summary>The model's name at its server, by which it has a price; empty where the server has only one.</summary>
    public string Model { get; init; } = "";

    /// <summary>How many of the best candidates are scored, 2 to 1,000; the others stay below them as they are.</summary>
    /// <value>The default is 50.</value>
    public int Candidates { get; init; } = 50;

    /// <summary>Of how many items of the history, the latest ones, the titles are the query where there is none, 0 to 50.</summary>
    /// <value>The default is 5.</value>
    public int History { get; init; } = 5;

    /// <summary>How many tokens of a candidate's title and text are sent at most, 8 to 4,096.</summary>
    /// <value>The default is 200.</value>
    public int ItemTokens { get; init; } = 200;

    /// <summary>How long one request's scoring may take; inside the request's deadline.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Kept of the deadline for what comes afterwards.</summary>
    /// <value>The default is 3 milliseconds.</value>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        Check(Candidates is >= 2 and <= 1000, "candidates", Candidates, "2 to 1000");
        Check(History is >= 0 and <= 50, "history", History, "0 to 50");
        Check(ItemTokens is >= 8 and <= 4096, "item_tokens", ItemTokens, "8 to 4096");
        Check(CallTimeout > TimeSpan.Zero, "call_timeout", CallTimeout, "more than zero");
        Check(Margin >= TimeSpan.Zero, "margin", Margin, "zero or more");
    }

    private static void Check(bool isGood, string name, IFormattable value, string limits)
    {
        if (!isGood)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {limits}."));
        }
    }
}
