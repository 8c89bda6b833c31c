using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>What the decorators of a chat client need to know of a call, and the model must not.</summary>
/// <remarks>It travels in the options' additional properties and is never sent.</remarks>
public sealed record CallContext
{
    private const string Key = "palate.call";

    private static readonly CallContext Empty = new();

    /// <summary>The pipeline that asks.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>Whose money is spent and whose caches are used; may be empty.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The experiment's variant; may be empty.</summary>
    public string Variant { get; init; } = "";

    /// <summary>What the call is for: <c>rerank</c>, <c>rewrite</c>, <c>shadow</c> and so on; goes to the ledger.</summary>
    public string Purpose { get; init; } = "rerank";

    /// <summary>Names the prompt's template with its content.</summary>
    public string TemplateHash { get; init; } = "";

    /// <summary>Names the prefix that calls of this request share.</summary>
    public string PrefixHash { get; init; } = "";

    /// <summary>How many UTF-8 bytes of the messages that prefix has.</summary>
    public int SharedPrefixBytes { get; init; }

    /// <summary>The estimated tokens of the prompt.</summary>
    public int EstimatedTokens { get; init; }

    /// <summary>The time provider's timestamp by which the reply must be here; null for no deadline.</summary>
    public long? Deadline { get; init; }

    /// <summary>The most probable first tokens that are wanted; 0 for none.</summary>
    public int TopLogProbabilities { get; init; }

    /// <summary>Do not read cached replies.</summary>
    public bool NoCache { get; init; }

    /// <summary>Do not store the reply.</summary>
    public bool NoStore { get; init; }

    /// <summary>What the request may still spend on tokens and money; null for no limit of its own.</summary>
    public RequestBudget? Budget { get; init; }

    /// <summary>Tells calls with the same prompt apart that shall not share a reply; 0 for the first.</summary>
    public int Repeat { get; init; }

    /// <summary>How often this call was tried before; set by the retrying decorator, goes to the ledger.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether this is a second call that races a slow first one; set by the hedging decorator.</summary>
    public bool IsHedge { get; init; }

    /// <summary>The context of a call; an empty one when nobody set any.</summary>
    public static CallContext Of(ChatOptions? options) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(Key, out object? value) &&
        value is CallContext context
            ? context
            : Empty;

    /// <summary>Sets the context of a call, in place.</summary>
    public void AddTo(ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AdditionalProperties ??= [];
        options.AdditionalProperties[Key] = this;
    }

    /// <summary>A copy of the options with this context.</summary>
    internal ChatOptions With(ChatOptions? options)
    {
        ChatOptions copy = options?.Clone() ?? new ChatOptions();
        AddTo(copy);
        return copy;
    }

    /// <summary>Whether a key of the additional properties is this project's own.</summary>
    internal static bool IsKey(string key) => string.Equals(key, Key, StringComparison.Ordinal);
}
