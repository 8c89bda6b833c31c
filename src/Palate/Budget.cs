namespace Palate;

/// <summary>What one request may cost: time, tokens and money.</summary>
/// <remarks>Zero of anything means that no model is asked. Inner budgets are always smaller than outer ones.</remarks>
public sealed record Budget
{
    /// <summary>How long the answer may take, from the moment the request arrived.</summary>
    /// <value>The default is 1 second. 0 to 10 minutes.</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Kept of the deadline for what comes after re-ranking: shaping, explaining, handing the answer over. Never more than a
    /// tenth of the deadline is kept.
    /// </summary>
    /// <value>The default is 2 milliseconds. 0 to 1 second.</value>
    public TimeSpan Reserve { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many tokens, prompt and reply together, may be used; 0 or more.</summary>
    /// <value>The default is 20,000.</value>
    public int Tokens { get; init; } = 20_000;

    /// <summary>How many millionths of a dollar may be spent; 0 or more.</summary>
    /// <value>The default is 10,000: one cent.</value>
    public long MicroDollars { get; init; } = 10_000;

    /// <summary>How long it may take until re-ranking has ended, from the moment the request arrived.</summary>
    internal TimeSpan UntilReserve => Deadline - (Reserve < Deadline / 10 ? Reserve : Deadline / 10);

    /// <summary>This budget where a request asks for less; what it asks for beyond is cut to this.</summary>
    internal Budget LoweredTo(Budget? wish) => wish is null ? this : this with
    {
        Deadline = wish.Deadline < Deadline ? wish.Deadline : Deadline,
        Tokens = Math.Min(wish.Tokens, Tokens),
        MicroDollars = Math.Min(wish.MicroDollars, MicroDollars),
    };

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="InvalidRequestException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Deadline < TimeSpan.Zero || Deadline > TimeSpan.FromMinutes(10))
        {
            throw new InvalidRequestException(
                "budget.deadline",
                FormattableString.Invariant($"budget.deadline is {Deadline.TotalMilliseconds} ms; give 0 to 600000."));
        }

        if (Reserve < TimeSpan.Zero || Reserve > TimeSpan.FromSeconds(1))
        {
            throw new InvalidRequestException(
                "budget.reserve",
                FormattableString.Invariant($"budget.reserve is {Reserve.TotalMilliseconds} ms; give 0 to 1000."));
        }

        if (Tokens < 0)
        {
            throw new InvalidRequestException("budget.tokens", $"budget.tokens is {Tokens}; give 0 or more.");
        }

        if (MicroDollars < 0)
        {
            throw new InvalidRequestException(
                "budget.micro_dollars", $"budget.micro_dollars is {MicroDollars}; give 0 or more.");
        }
    }
}
