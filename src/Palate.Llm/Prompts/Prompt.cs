using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A question as it goes to a model.</summary>
public sealed record Prompt
{
    /// <summary>What was rendered.</summary>
    public required Question Question { get; init; }

    /// <summary>The name of each of the question's candidates in this prompt, in the question's order.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The messages, system first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The JSON schema of the reply; null where plain text is expected.</summary>
    public System.Text.Json.JsonElement? Schema { get; init; }

    /// <summary>How the reply's grades are to be read.</summary>
    public GradeScale Scale { get; init; } = GradeScale.Unit;

    /// <summary>Whether the reply is to give reasons; then it is complete only when it is closed.</summary>
    public bool Reasons { get; init; }

    /// <summary>At most this many tokens of reply are needed.</summary>
    public int MaxOutputTokens { get; init; }

    /// <summary>The most probable first tokens that the provider should report; 0 for none.</summary>
    public int TopLogProbabilities { get; init; }

    /// <summary>The estimated tokens of the messages.</summary>
    public int EstimatedTokens { get; init; }

    /// <summary>What the messages are made of, all together.</summary>
    internal TokenFeatures Features { get; init; }

    /// <summary>How many UTF-8 bytes at the front are the same in every prompt of this request.</summary>
    public int SharedPrefixBytes { get; init; }

    /// <summary>Names the template with its content: changes when a byte of it does.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>Names everything that is the same in every prompt of this request: the prefix pool's key.</summary>
    public required string PrefixHash { get; init; }
}
