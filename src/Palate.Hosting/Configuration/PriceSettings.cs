namespace Palate.Hosting;

/// <summary>What a model costs, in dollars per million tokens.</summary>
internal sealed record PriceSettings
{
    /// <summary>Tokens of prompts.</summary>
    public decimal Input { get; init; }

    /// <summary>Tokens of prompts that the provider took from its cache; absent for the price of input.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Tokens of prompts that the provider wrote to its cache; absent for the price of input.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Tokens of replies.</summary>
    public decimal Output { get; init; }

    /// <summary>Units of a rerank interface; in dollars for a thousand of them.</summary>
    public decimal SearchUnit { get; init; }
}
