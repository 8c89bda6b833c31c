using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Who serves models: what settings call it, whether it is paid, and how a client of it is made.</summary>
/// <param name="Name">The value of <c>provider</c> in settings, for example <c>openai</c>.</param>
public sealed record ModelProvider(string Name)
{
    /// <summary>Whether somebody is paid for its tokens, so that its models need a price.</summary>
    public bool IsPaid { get; init; }

    /// <summary>
    /// Whether its models are profiles: <c>NAME</c> and <c>NAME:PROFILE</c> are models without being declared, and
    /// settings give a <c>profile</c> where others give a model.
    /// </summary>
    public bool HasProfiles { get; init; }

    /// <summary>Makes the client of a language model; null where it serves none.</summary>
    public Func<ProviderOptions, TimeProvider, IChatClient>? Chat { get; init; }

    /// <summary>Makes the client of a rerank interface; null where it has none.</summary>
    public Func<RerankApiOptions, TimeProvider, RerankApi>? Rerank { get; init; }
}
