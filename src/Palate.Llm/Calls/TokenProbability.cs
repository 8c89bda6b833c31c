using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A token that could have come first in a reply, and how probable it was.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="LogProbability">The natural logarithm of its probability.</param>
public sealed record TokenProbability(string Token, double LogProbability)
{
    private const string Key = "palate.first_tokens";

    /// <summary>The first token's alternatives that came with a response; empty when the provider reports none.</summary>
    public static IReadOnlyList<TokenProbability> Of(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AdditionalProperties is { } properties && properties.TryGetValue(Key, out object? value) &&
            value is IReadOnlyList<TokenProbability> tokens
            ? tokens
            : [];
    }

    /// <summary>The first token's alternatives that came with a piece of a streamed response; empty for most pieces.</summary>
    public static IReadOnlyList<TokenProbability> Of(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.AdditionalProperties is { } properties && properties.TryGetValue(Key, out object? value) &&
            value is IReadOnlyList<TokenProbability> tokens
            ? tokens
            : [];
    }

    /// <summary>Attaches the alternatives, as a provider does.</summary>
    public static void Attach(AdditionalPropertiesDictionary properties, IReadOnlyList<TokenProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(properties);
        properties[Key] = tokens;
    }
}
