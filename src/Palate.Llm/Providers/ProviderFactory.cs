using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Makes the client of a configured provider.</summary>
public static class ProviderFactory
{
    /// <summary>A client without retries, limits or caches: wrap it for those.</summary>
    /// <param name="options">Which model, behind which server.</param>
    /// <param name="time">Reads dates in answers.</param>
    /// <exception cref="ArgumentException">An option is missing or wrong, or the key cannot be read.</exception>
    public static IChatClient Create(ProviderOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        return options.Kind switch
        {
            ProviderKind.Anthropic => new AnthropicChatClient(options, time),
            ProviderKind.BedrockConverse => new BedrockConverseChatClient(options, time),
            _ => new OpenAICompatibleChatClient(options, time),
        };
    }
}
