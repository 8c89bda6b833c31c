namespace Palate;

/// <summary>How a <see cref="ReorderProtocol"/> makes its cases and measures them.</summary>
public sealed record ReorderOptions
{
    /// <summary>How many candidates each user has, 2 to 1000.</summary>
    /// <value>The default is 20, as in LLM4Rerank.</value>
    public int Candidates { get; init; } = 20;

    /// <summary>The cutoff of the metrics, 1 or more.</summary>
    /// <value>The default is 10.</value>
    public int K { get; init; } = 10;

    /// <summary>How the held-out item comes among the candidates.</summary>
    public PositivePlace Positive { get; init; }

    /// <summary>
    /// Holds out a random interaction of each user instead of the last: the ranker finds more of them, so more users
    /// count.
    /// </summary>
    public bool HoldsOutRandomly { get; init; }

    /// <summary>
    /// How often each user's random interaction is drawn, 1 to 20; each draw has a ranker of its own. More draws give
    /// more cases, and intervals stay those of users. Only with random holding out.
    /// </summary>
    /// <value>The default is 1.</value>
    public int Draws { get; init; } = 1;

    /// <summary>How many users take part, spread evenly; 0 for all.</summary>
    public int Users { get; init; }

    /// <summary>The attribute whose values are the topics.</summary>
    /// <value>The default is <c>genre</c>.</value>
    public string Topics { get; init; } = "genre";

    /// <summary>The attribute of numbers that makes the two groups.</summary>
    /// <value>The default is <c>year</c>.</value>
    public string Groups { get; init; } = "year";

    /// <summary>The least number of group 1.</summary>
    /// <value>The default is 1996, as in LLM4Rerank.</value>
    public float GroupFrom { get; init; } = 1996;

    /// <summary>The ranker that proposes the candidates.</summary>
    public AlsOptions Als { get; init; } = new();

    /// <summary>Seeds the leave-one-out of data without times, the shuffles of chance, and the bootstrap.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many bootstrap samples of the users the intervals rest on, at least 100.</summary>
    /// <value>The default is 2,000.</value>
    public int Resamples { get; init; } = 2_000;

    /// <summary>Checks the limits.</summary>
    /// <exception cref="ArgumentException">A value is outside its limits.</exception>
    public void Validate()
    {
        Check(Candidates is >= 2 and <= 1000, nameof(Candidates), Candidates, "2 to 1000");
        Check(Draws is >= 1 and <= 20, nameof(Draws), Draws, "1 to 20");
        Check(Users >= 0, nameof(Users), Users, "0 or more");
        Check(K >= 1, nameof(K), K, "at least 1");
        Check(Resamples >= 100, nameof(Resamples), Resamples, "at least 100");
        Check(float.IsFinite(GroupFrom), nameof(GroupFrom), GroupFrom, "a finite number");
        Als.Validate();
    }

    private static void Check(bool holds, string name, float value, string limits)
    {
        if (!holds)
        {
            throw new ArgumentException($"ReorderOptions.{name} is {value}; it must be {limits}.");
        }
    }
}
