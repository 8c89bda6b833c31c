using Palate.Llm;

namespace Palate.Hosting;

/// <summary>A pipeline as <c>palate.yaml</c> declares it: a generation's pipeline, and the model that re-ranks after it.</summary>
internal sealed record PipelineSettings
{
    /// <summary>The generation's pipeline that retrieves and ranks.</summary>
    /// <value>The default is <c>default</c>.</value>
    public string Base { get; init; } = "default";

    /// <summary>The name of a model in the section <c>models</c>; required.</summary>
    public string Model { get; init; } = "";

    /// <summary>Models to ask, in this order, when the first one cannot answer; a trained student comes after them.</summary>
    public IReadOnlyList<string> Cascade { get; init; } = [];

    /// <summary>The strategy's name.</summary>
    /// <value>The default is <c>adaptive</c>.</value>
    public string Strategy { get; init; } = "adaptive";

    /// <summary>The strategies' own settings; each takes those that concern it.</summary>
    public StrategyOptions StrategyOptions { get; init; } = new();

    /// <summary>The prompt template's name.</summary>
    /// <value>The default is <c>zero-shot</c>.</value>
    public string Template { get; init; } = "zero-shot";

    /// <summary>How many of the best candidates are judged, 2 to 200.</summary>
    /// <value>The default is 50.</value>
    public int Candidates { get; init; } = 50;

    /// <summary>How many items of the user's history a prompt shows, 0 to 200.</summary>
    /// <value>The default is 20.</value>
    public int History { get; init; } = 20;

    /// <summary>What is recommended, for example <c>films</c>; a word or two that prompts begin with.</summary>
    public string Domain { get; init; } = "";

    /// <summary>How many tokens of one item a prompt shows: title, then attributes, then text; 4 to 2,000.</summary>
    /// <value>The default is 60.</value>
    public int ItemTokens { get; init; } = 60;

    /// <summary>How many tokens of the user's profile a prompt shows, and of the query and the goal; 1 to 10,000.</summary>
    /// <value>The default is 200.</value>
    public int ProfileTokens { get; init; } = 200;

    /// <summary>The attributes that prompts show, in this order; absent for all, by name.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>
    /// Where candidates stand in prompts: <c>own</c> shows each question's own ones, <c>shared</c> all of them in the prefix
    /// that a provider's cache keeps, <c>auto</c> takes the cheaper of the two for each question.
    /// </summary>
    /// <value>The default is <c>auto</c>.</value>
    public PromptLayout Layout { get; init; }

    /// <summary>
    /// What a cached prompt token costs of any other, 0 to 1, for the choice of layout; absent to take the model's price, and
    /// 0.5 where it has none.
    /// </summary>
    public double? CachedPriceRatio { get; init; }

    /// <summary>What is expected of the base ranking and of the model's judgment before either is seen.</summary>
    public EvidenceOptions Evidence { get; init; } = new();

    /// <summary>The share of the base score in the final one, 0 to 1; absent to learn it.</summary>
    public double? Alpha { get; init; }

    /// <summary>When the model is asked: <c>always</c>, or where it was <c>learned</c> that it is worth its price.</summary>
    /// <value>The default is <c>learned</c>, which means always as long as nothing was learned.</value>
    public Asking Ask { get; init; }

    /// <summary>Whether reasons are asked for; they cost tokens and time.</summary>
    public bool Rationales { get; init; }

    /// <summary>How long a whole answer may take, in milliseconds.</summary>
    /// <value>The default is 1,000.</value>
    public int DeadlineMs { get; init; } = 1000;

    /// <summary>
    /// Kept of the deadline for what comes after re-ranking, in milliseconds, 0 to 1,000; never more than a tenth of it.
    /// </summary>
    /// <value>The default is 2.</value>
    public int ReserveMs { get; init; } = 2;

    /// <summary>How long one call may take, in milliseconds.</summary>
    /// <value>The default is 10,000.</value>
    public int CallTimeoutMs { get; init; } = 10_000;

    /// <summary>How many tokens one request may use.</summary>
    /// <value>The default is 20,000.</value>
    public int Tokens { get; init; } = 20_000;

    /// <summary>How many dollars one request may cost.</summary>
    /// <value>The default is 0.01.</value>
    public decimal Dollars { get; init; } = 0.01m;

    /// <summary>How many calls of one request may be under way at the same time.</summary>
    /// <value>The default is 16.</value>
    public int Concurrency { get; init; } = 16;

    /// <summary>How many rounds of questions, one after the other, one request may have; 1 to 1,000.</summary>
    /// <value>The default is 300: the deadline is what usually ends a request.</value>
    public int MaxRounds { get; init; } = 300;

    /// <summary>How many calls one request may start; 1 to 100,000.</summary>
    /// <value>The default is 10,000.</value>
    public int MaxCalls { get; init; } = 10_000;

    /// <summary>Asking ends when the top is this probably settled, 0.5 to 1; 1 asks until the strategy is done.</summary>
    /// <value>The default is 0.98.</value>
    public double SettledAt { get; init; } = 0.98;

    /// <summary>How queries are rewritten before they are searched by; absent to leave them as they are.</summary>
    public RewritingSettings? Rewriting { get; init; }

    /// <summary>
    /// Of how many requests, the newest, the first model's judgments are kept while the pipeline serves, for
    /// <c>palate train --distil</c> to teach a student by; 0 keeps none. 0 to 1,000,000.
    /// </summary>
    /// <value>The default is 20,000: about 50 MB with 50 candidates each.</value>
    public int Record { get; init; } = 20_000;

    /// <summary>How lists are shaped at the end; absent to leave them as they are.</summary>
    public ShapingOptions? Shaping { get; init; }

    /// <summary>The nodes and bounds of the strategy <c>graph</c>; its goals are in the home's <c>goals.yaml</c>.</summary>
    public GraphSettings Graph { get; init; } = new();

    /// <summary>What a request may cost that says nothing of it.</summary>
    public Budget Budget() => new()
    {
        Deadline = TimeSpan.FromMilliseconds(DeadlineMs),
        Reserve = TimeSpan.FromMilliseconds(ReserveMs),
        Tokens = Tokens,
        MicroDollars = (long)(Dollars * 1_000_000m),
    };
}
