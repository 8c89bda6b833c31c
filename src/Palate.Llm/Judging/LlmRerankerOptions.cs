namespace Palate.Llm;

/// <summary>How a language model re-ranks: which question, about how many candidates, and how much it counts.</summary>
public sealed record LlmRerankerOptions
{
    /// <summary>The strategy's name; <see cref="Strategies"/> knows them.</summary>
    /// <value>The default is <c>adaptive</c>.</value>
    public string Strategy { get; init; } = "adaptive";

    /// <summary>The strategy's own settings.</summary>
    public StrategyOptions StrategyOptions { get; init; } = new();

    /// <summary>The nodes and bounds of the strategy <c>graph</c>.</summary>
    public GraphOptions Graph { get; init; } = new();

    /// <summary>The prompt template's name.</summary>
    /// <value>The default is <c>zero-shot</c>.</value>
    public string Template { get; init; } = "zero-shot";

    /// <summary>How many of the best candidates are judged, 2 to 200; the others stay below them as they are.</summary>
    /// <value>The default is 50.</value>
    public int Candidates { get; init; } = 50;

    /// <summary>
    /// The share of the base score in the final one, 0 to 1; null takes what <c>palate train</c> has learned, or
    /// <see cref="UnlearnedAlpha"/> before it has.
    /// </summary>
    public double? Alpha { get; init; }

    /// <summary>The share of the base score while nothing has been learned, as long as no alpha is given.</summary>
    public const double UnlearnedAlpha = 0.5;

    /// <summary>What prompts show, and where.</summary>
    public PromptOptions Prompt { get; init; } = new();

    /// <summary>Whether reasons are asked for; they cost tokens and time.</summary>
    /// <value>The default is false.</value>
    public bool Rationales { get; init; }

    /// <summary>How questions are asked.</summary>
    public RunnerOptions Run { get; init; } = new();

    /// <summary>What is expected of the base ranking and of the model's judgment before either is seen.</summary>
    public EvidenceOptions Evidence { get; init; } = new();

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Candidates is < 2 or > 200)
        {
            throw new ArgumentException($"candidates is {Candidates}; give 2 to 200.");
        }

        if (Alpha is < 0 or > 1 || (Alpha is { } alpha && double.IsNaN(alpha)))
        {
            throw new ArgumentException(FormattableString.Invariant($"alpha is {Alpha}; give 0 to 1, or none to learn it."));
        }

        Prompt.Validate();
        Graph.Validate();
        Run.Validate();
        Evidence.Validate();
    }
}
