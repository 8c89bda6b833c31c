namespace Palate.Llm;

/// <summary>In what a kind of server differs from the others that speak the OpenAI format.</summary>
internal sealed record ProviderQuirks
{
    /// <summary>Where it is when no endpoint is given; null where one must be.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether it cannot be used without a key.</summary>
    public bool NeedsKey { get; init; }

    /// <summary>The header of the key; null for a bearer token.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>What follows the endpoint when it has no path of its own.</summary>
    public string Path { get; init; } = "/v1";

    /// <summary>The name of the limit on the reply's tokens.</summary>
    public string MaxTokens { get; init; } = "max_tokens";

    /// <summary>Whether a schema is the <c>value</c> of the type <c>json_object</c> (TGI).</summary>
    public bool HasSchemaAsValue { get; init; }

    /// <summary>Whether it takes <c>prompt_cache_key</c>.</summary>
    public bool TakesCacheKey { get; init; }

    /// <summary>Whether it takes <c>cache_salt</c>.</summary>
    public bool TakesCacheSalt { get; init; }

    /// <summary>Whether it takes <c>cache_prompt</c>.</summary>
    public bool TakesCachePrompt { get; init; }

    /// <summary>The differences of a kind.</summary>
    public static ProviderQuirks Of(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAI => new()
        {
            Endpoint = "https://api.openai.com/v1",
            NeedsKey = true,
            MaxTokens = "max_completion_tokens",
            TakesCacheKey = true,
        },
        ProviderKind.AzureOpenAI => new()
        {
            NeedsKey = true,
            KeyHeader = "api-key",
            Path = "/openai/v1",
            MaxTokens = "max_completion_tokens",
            TakesCacheKey = true,
        },
        ProviderKind.Vllm => new() { TakesCacheSalt = true },
        ProviderKind.Tgi => new() { HasSchemaAsValue = true },
        ProviderKind.Ollama => new() { Endpoint = "http://127.0.0.1:11434" },
        ProviderKind.LlamaCpp => new() { TakesCachePrompt = true },
        ProviderKind.BedrockOpenAI => new() { NeedsKey = true, Path = "/openai/v1", MaxTokens = "max_completion_tokens" },
        ProviderKind.Anthropic => new()
        {
            Endpoint = "https://api.anthropic.com",
            NeedsKey = true,
            KeyHeader = "x-api-key",
        },
        ProviderKind.BedrockConverse => new() { NeedsKey = true, Path = "" },
        _ => new(),
    };
}
