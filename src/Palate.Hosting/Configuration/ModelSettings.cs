namespace Palate.Hosting;

/// <summary>A language model as <c>palate.yaml</c> declares it.</summary>
internal sealed record ModelSettings
{
    /// <summary>
    /// Who serves it: <c>openai</c>, <c>azure-openai</c>, <c>vllm</c>, <c>tgi</c>, <c>ollama</c>, <c>llama-cpp</c>,
    /// <c>bedrock</c>, <c>bedrock-converse</c>, <c>anthropic</c> or <c>simulated</c>; or a rerank interface:
    /// <c>cohere</c>, <c>jina</c>, <c>tei</c> or <c>vllm-rerank</c>.
    /// </summary>
    public string Provider { get; init; } = "";

    /// <summary>The server's address; for <c>simulated</c> none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The model's name, as the server knows it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Where the key is: <c>env:NAME</c> or <c>file:PATH</c>; absent for a server that wants none.</summary>
    public string? Key { get; init; }

    /// <summary>For <c>simulated</c>: how the simulated model behaves; null for <c>good</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>How many calls may be under way at the same time, over all requests.</summary>
    /// <value>The default is 64.</value>
    public int Concurrency { get; init; } = 64;

    /// <summary>How many calls a minute may be started; 0 for no limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>How many tokens a minute may be used; 0 for no limit.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>How long one call may take whatever its request allows, in milliseconds; 1 to 600,000.</summary>
    /// <value>The default is 30,000.</value>
    public int TimeoutMs { get; init; } = 30_000;

    /// <summary>How often a failed call is tried again, inside the deadline.</summary>
    /// <value>The default is 1.</value>
    public int Retries { get; init; } = 1;

    /// <summary>The wait before a failed call is tried again, in milliseconds; it doubles with each further time.</summary>
    /// <value>The default is 50. 0 to 5,000.</value>
    public int RetryDelayMs { get; init; } = 50;

    /// <summary>
    /// How long a model of which half of the last calls failed is left alone at first, in milliseconds; it doubles with each
    /// call that fails after it. 0 asks on.
    /// </summary>
    /// <value>The default is 5,000. 10 to 3,600,000.</value>
    public int BreakMs { get; init; } = 5_000;

    /// <summary>
    /// How long a call that nobody waits for any more is left running to learn what it costs, in milliseconds; with 0 it is
    /// cancelled at once and its cost estimated.
    /// </summary>
    /// <value>The default is 0. At most 600,000.</value>
    public int GraceMs { get; init; }

    /// <summary>After how long a call without a reply is raced by a second one, for a tenth of the calls at most; 0 for never.</summary>
    /// <value>The default is 0.</value>
    public int HedgeMs { get; init; }

    /// <summary>Whether the provider is told which beginning prompts share, so that it finds it in its cache.</summary>
    /// <value>The default is true. Anthropic and Bedrock bill a surcharge for what they write to their cache.</value>
    public bool PrefixCache { get; init; } = true;

    /// <summary>How long replies are kept, in seconds; 0 keeps none.</summary>
    /// <value>The default is 86,400: a day.</value>
    public int CacheSeconds { get; init; } = 86_400;

    /// <summary>How many replies, and how many grades, are kept in memory; the database keeps more.</summary>
    /// <value>The default is 10,000. 1 to 10,000,000.</value>
    public int CacheEntries { get; init; } = 10_000;
}
