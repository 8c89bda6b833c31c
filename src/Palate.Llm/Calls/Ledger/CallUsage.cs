using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>What a call used, as it is billed.</summary>
/// <param name="InputTokens">All tokens of the prompt, those read from and written to the prefix cache included.</param>
/// <param name="CachedTokens">Those of them that were read from the prefix cache.</param>
/// <param name="CacheWriteTokens">Those of them that were written to the prefix cache for a surcharge.</param>
/// <param name="OutputTokens">All tokens of the reply, thinking included.</param>
/// <param name="SearchUnits">Units of a rerank interface; 0 for chat.</param>
public readonly record struct CallUsage(
    long InputTokens, long CachedTokens, long CacheWriteTokens, long OutputTokens, long SearchUnits = 0)
{
    /// <summary>So many tokens of reply are reckoned with when a call does not limit them.</summary>
    internal const int DefaultOutputTokens = 1024;

    /// <summary>
    /// The key of <see cref="UsageDetails.AdditionalCounts"/> under which a provider reports tokens that it wrote to the
    /// prefix cache.
    /// </summary>
    public const string CacheWriteCount = "cache_write_tokens";

    /// <summary>Prompt and reply together.</summary>
    public long Tokens => InputTokens + OutputTokens;

    /// <summary>Reads what a provider reported; null when that is nothing.</summary>
    /// <remarks>
    /// Input is taken to include cached and written tokens, as OpenAI counts. Where they are more than the input, which
    /// is impossible then, it is taken to exclude them, as Anthropic counts.
    /// </remarks>
    public static CallUsage? From(UsageDetails? details)
    {
        if (details is null || (details.InputTokenCount is null && details.OutputTokenCount is null
            && details.TotalTokenCount is null))
        {
            return null;
        }

        long output = Math.Max(0, details.OutputTokenCount ?? 0);
        long input = Math.Max(0, details.InputTokenCount ?? (details.TotalTokenCount - output) ?? 0);
        long cached = Math.Max(0, details.CachedInputTokenCount ?? 0);
        long written = details.AdditionalCounts is { } counts && counts.TryGetValue(CacheWriteCount, out long count)
            ? Math.Max(0, count)
            : 0;
        return new CallUsage(cached + written > input ? input + cached + written : input, cached, written, output);
    }

    /// <summary>The sum.</summary>
    public static CallUsage operator +(CallUsage left, CallUsage right) => left.Add(right);

    /// <summary>The sum, for places where operators cannot go.</summary>
    public CallUsage Add(CallUsage other) => new(
        InputTokens + other.InputTokens,
        CachedTokens + other.CachedTokens,
        CacheWriteTokens + other.CacheWriteTokens,
        OutputTokens + other.OutputTokens,
        SearchUnits + other.SearchUnits);
}
