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

    /// <summary>How often a failed call is tried again, inside the deadline.</summary>
    /// <value>The default is 1.</value>
    public int Retries { get; init; } = 1;

    /// <summary>How long replies are kept, in seconds; 0 keeps none.</summary>
    /// <value>The default is 86,400: a day.</value>
    public int CacheSeconds { get; init; } = 86_400;
}
