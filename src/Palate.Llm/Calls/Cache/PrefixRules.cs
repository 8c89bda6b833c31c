namespace Palate.Llm;

/// <summary>What a provider's prefix cache finds again, and how it wants to be helped.</summary>
/// <param name="MinimumTokens">A shorter prompt is not cached.</param>
/// <param name="Step">Cached tokens come in multiples of this.</param>
/// <param name="Idle">How long an unused prefix is kept, about.</param>
/// <param name="CallsPerKey">Calls a minute that one key may have before they go to another machine; 0 for no keys.</param>
/// <param name="Slots">Slots that each hold one prefix; 0 for none.</param>
/// <param name="Salted">Whether tenants are kept apart by a salt.</param>
public sealed record PrefixRules(
    int MinimumTokens, int Step, TimeSpan Idle, int CallsPerKey = 0, int Slots = 0, bool Salted = false)
{
    /// <summary>OpenAI: 1,024 tokens and more, in steps of 128; at most about 15 calls a minute for a key.</summary>
    public static PrefixRules OpenAI { get; } = new(1024, 128, TimeSpan.FromMinutes(5), CallsPerKey: 15);

    /// <summary>Anthropic, with a breakpoint at the prefix's end; the shortest differs by model.</summary>
    public static PrefixRules Anthropic { get; } = new(1024, 1, TimeSpan.FromMinutes(5));

    /// <summary>vLLM: whole blocks of 16 tokens, tenants kept apart by a salt.</summary>
    public static PrefixRules VLlm { get; } = new(16, 16, TimeSpan.FromMinutes(30), Salted: true);

    /// <summary>llama.cpp's server with so many slots; at least one token is always evaluated.</summary>
    public static PrefixRules LlamaCpp(int slots) => new(1, 1, TimeSpan.FromHours(1), Slots: slots);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MinimumTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(Step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Idle, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(CallsPerKey);
        ArgumentOutOfRangeException.ThrowIfNegative(Slots);
    }
}
