namespace Palate.Hosting;

/// <summary>What was learned of a model in a pipeline, and what it cost to learn.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Model">The model's name in the settings.</param>
internal sealed record TrustReport(string Pipeline, string Model)
{
    /// <summary>Whether it counts from now on; not when too few requests had a candidate that proved right.</summary>
    public bool IsWritten { get; init; }

    /// <summary>How many such requests are needed.</summary>
    public int Needed { get; init; }

    /// <summary>How many users and queries were asked about to learn from.</summary>
    public int Requests { get; init; }

    /// <summary>For how many of them a judgment came.</summary>
    public int Judged { get; init; }

    /// <summary>What holds for all requests.</summary>
    public required LearnedAlpha Whole { get; init; }

    /// <summary>What holds for kinds of requests that there were enough of.</summary>
    public required IReadOnlyDictionary<string, LearnedAlpha> Segments { get; init; }

    /// <summary>What asking only where it is worth its price saves.</summary>
    public required AskSavings Ask { get; init; }

    /// <summary>What it brings on queries that had no part in learning; null without queries.</summary>
    public ReportedGain? Reported { get; init; }

    /// <summary>Calls that were made.</summary>
    public int Calls { get; init; }

    /// <summary>Tokens of prompts.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of replies.</summary>
    public long OutputTokens { get; init; }

    /// <summary>What was paid.</summary>
    public decimal Dollars { get; init; }

    /// <summary>What became of the student; null when none was taught.</summary>
    public StudentTrainer.Outcome? Student { get; init; }
}
