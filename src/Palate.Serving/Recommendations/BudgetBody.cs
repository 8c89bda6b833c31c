using System.Text.Json.Serialization;

namespace Palate.Serving;

/// <summary>What an answer may cost, as a body says it; what is absent is as the pipeline allows.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BudgetBody
{
    /// <summary>How long the whole answer may take, in milliseconds.</summary>
    public double? DeadlineMs { get; set; }

    /// <summary>How many tokens may be used.</summary>
    public int? Tokens { get; set; }

    /// <summary>How many dollars may be spent.</summary>
    public decimal? Dollars { get; set; }

    /// <summary>The budget that the body means; its limits are checked with the request.</summary>
    /// <param name="budget">What is allowed of whatever the body does not name.</param>
    public Budget Over(Budget budget)
    {
        if (DeadlineMs is < 0 or > 600_000)
        {
            throw new InvalidRequestException(
                "budget.deadline_ms",
                FormattableString.Invariant($"budget.deadline_ms is {DeadlineMs}; give 0 to 600000."));
        }

        if (Dollars is < 0 or > 1_000_000)
        {
            throw new InvalidRequestException(
                "budget.dollars", FormattableString.Invariant($"budget.dollars is {Dollars}; give 0 to 1000000."));
        }

        return budget with
        {
            Deadline = DeadlineMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : budget.Deadline,
            Tokens = Tokens ?? budget.Tokens,
            MicroDollars = Dollars is { } dollars ? (long)(dollars * 1_000_000m) : budget.MicroDollars,
        };
    }
}
