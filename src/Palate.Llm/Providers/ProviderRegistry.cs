namespace Palate.Llm;

/// <summary>The providers that settings may name: those that are built in, and those of other assemblies.</summary>
public sealed class ProviderRegistry
{
    // Servers that somebody runs himself have no price per token, so none has to be given.
    private static readonly ModelProvider[] BuiltIn =
    [
        Chat("openai", ProviderKind.OpenAI, isPaid: true),
        Chat("azure-openai", ProviderKind.AzureOpenAI, isPaid: true),
        Chat("anthropic", ProviderKind.Anthropic, isPaid: true),
        Chat("bedrock", ProviderKind.BedrockOpenAI, isPaid: true),
        Chat("bedrock-converse", ProviderKind.BedrockConverse, isPaid: true),
        Chat("openai-compatible", ProviderKind.OpenAICompatible),
        Chat("vllm", ProviderKind.Vllm),
        Chat("tgi", ProviderKind.Tgi),
        Chat("ollama", ProviderKind.Ollama),
        Chat("llama-cpp", ProviderKind.LlamaCpp),
        Rerank("cohere", RerankApiKind.Cohere, isPaid: true),
        Rerank("jina", RerankApiKind.Jina, isPaid: true),
        Rerank("tei", RerankApiKind.Tei),
        Rerank("vllm-rerank", RerankApiKind.Vllm),
    ];

    private readonly Dictionary<string, ModelProvider> _providers;

    /// <summary>The built-in providers with others.</summary>
    /// <param name="others">Providers of other assemblies.</param>
    /// <exception cref="ArgumentException">A provider has no name or one that is taken, or makes no client.</exception>
    public ProviderRegistry(params IEnumerable<ModelProvider> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        _providers = BuiltIn.ToDictionary(provider => provider.Name, StringComparer.Ordinal);
        foreach (ModelProvider provider in others)
        {
            if (string.IsNullOrWhiteSpace(provider.Name) || !_providers.TryAdd(provider.Name, provider))
            {
                throw new ArgumentException(
                    $"A provider is named '{provider.Name}'; give it a name that no other has.", nameof(others));
            }

            if (provider.Chat is null && provider.Rerank is null)
            {
                throw new ArgumentException(
                    $"The provider '{provider.Name}' makes no client; set Chat or Rerank.", nameof(others));
            }
        }
    }

    /// <summary>The names, built-in ones first.</summary>
    public IEnumerable<string> Names => _providers.Keys;

    /// <summary>The names of models that need no declaration.</summary>
    public IEnumerable<string> Undeclared => _providers.Values.Where(one => one.HasProfiles).Select(one => one.Name);

    /// <summary>The provider of a name; null when there is none.</summary>
    public ModelProvider? Find(string name) => _providers.GetValueOrDefault(name);

    /// <summary>The provider and profile of a model that needs no declaration, <c>NAME</c> or <c>NAME:PROFILE</c>.</summary>
    /// <returns>Null when the name is none of these; without a profile when it names none.</returns>
    public (ModelProvider Provider, string? Profile)? FindUndeclared(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string[] parts = model.Split(':', 2);
        return Find(parts[0]) is { HasProfiles: true } provider ? (provider, parts.ElementAtOrDefault(1)) : null;
    }

    private static ModelProvider Chat(string name, ProviderKind kind, bool isPaid = false) => new(name)
    {
        IsPaid = isPaid,
        Chat = (options, time) => ProviderFactory.Create(options with { Kind = kind }, time),
    };

    private static ModelProvider Rerank(string name, RerankApiKind kind, bool isPaid = false) => new(name)
    {
        IsPaid = isPaid,
        Rerank = (options, time) => new RerankApi(options with { Kind = kind }, time),
    };
}
