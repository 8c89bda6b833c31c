namespace Palate.Llm;

/// <summary>What a model's tokens cost.</summary>
/// <remarks>Prices are whole pico-dollars a token: six decimals of dollars for a million tokens.</remarks>
public sealed class ModelPrice
{
    private readonly long _input;
    private readonly long _cachedInput;
    private readonly long _cacheWrite;
    private readonly long _output;
    private readonly long _searchUnit;

    /// <summary>A price; all in dollars for a million tokens, 0 to 1,000,000, at most six decimals.</summary>
    /// <param name="input">A prompt's token that the prefix cache did not have.</param>
    /// <param name="output">A reply's token.</param>
    /// <param name="cachedInput">A prompt's token that came from the prefix cache; null for the price of any other.</param>
    /// <param name="cacheWrite">A prompt's token that was written to the prefix cache; null for the price of any other.</param>
    /// <param name="searchUnit">In dollars for a thousand units of a rerank interface; at most nine decimals.</param>
    /// <exception cref="ArgumentException">A price is out of its limits or too fine.</exception>
    public ModelPrice(
        decimal input, decimal output, decimal? cachedInput = null, decimal? cacheWrite = null, decimal searchUnit = 0)
    {
        _input = Whole(input * 1_000_000m, input, nameof(input));
        _output = Whole(output * 1_000_000m, output, nameof(output));
        _cachedInput = cachedInput is { } cached ? Whole(cached * 1_000_000m, cached, "cached_input") : _input;
        _cacheWrite = cacheWrite is { } write ? Whole(write * 1_000_000m, write, "cache_write") : _input;
        _searchUnit = Whole(searchUnit * 1_000_000_000m, searchUnit, "search_unit");
    }

    /// <summary>
    /// What a prompt's token from the prefix cache costs of any other, at most 1; null where prompts cost nothing.
    /// </summary>
    public double? CachedRatio => _input > 0 ? Math.Min(1, (double)_cachedInput / _input) : null;

    /// <summary>What a call costs.</summary>
    public Money Cost(CallUsage usage) => new(checked(
        ((usage.InputTokens - usage.CachedTokens - usage.CacheWriteTokens) * _input)
        + (usage.CachedTokens * _cachedInput)
        + (usage.CacheWriteTokens * _cacheWrite)
        + (usage.OutputTokens * _output)
        + (usage.SearchUnits * _searchUnit)));

    /// <summary>The most that a call with so many tokens can cost, whatever the prefix cache does.</summary>
    public Money MostCost(long inputTokens, long outputTokens) => new(checked(
        (inputTokens * Math.Max(_input, Math.Max(_cachedInput, _cacheWrite))) + (outputTokens * _output)));

    private static long Whole(decimal pico, decimal given, string name)
    {
        if (given is < 0 or > 1_000_000)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The price '{name}' is {given}; give 0 to 1000000 dollars."));
        }

        return decimal.Truncate(pico) == pico
            ? (long)pico
            : throw new ArgumentException(FormattableString.Invariant(
                $"The price '{name}' is {given}, which is finer than a pico-dollar a unit; round it."));
    }
}
