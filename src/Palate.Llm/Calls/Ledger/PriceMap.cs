using System.Collections.Frozen;
using System.Text.Json;

namespace Palate.Llm;

/// <summary>The prices of models by name.</summary>
/// <remarks>
/// The file is JSON: <c>{ "model": { "input": 0.15, "cached_input": 0.075, "cache_write": 0.15, "output": 0.6 } }</c>, in
/// dollars for a million tokens, and <c>search_unit</c> in dollars for a thousand units of a rerank interface.
/// <c>cached_input</c> and <c>cache_write</c> are those of <c>input</c> when they are left out. A name that ends with
/// <c>*</c> stands for all that begin like it; an exact name goes before, and a longer beginning before a shorter.
/// Immutable.
/// </remarks>
public sealed class PriceMap
{
    private readonly FrozenDictionary<string, ModelPrice> _exact;
    private readonly (string Start, ModelPrice Price)[] _starts;

    /// <summary>A map of these prices.</summary>
    public PriceMap(IReadOnlyDictionary<string, ModelPrice> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        _exact = prices.Where(price => !price.Key.EndsWith('*')).ToFrozenDictionary(StringComparer.Ordinal);
        _starts = [.. prices.Where(price => price.Key.EndsWith('*'))
            .Select(price => (price.Key[..^1], price.Value))
            .OrderByDescending(price => price.Item1.Length)
            .ThenBy(price => price.Item1, StringComparer.Ordinal)];
    }

    /// <summary>A map without any price.</summary>
    public static PriceMap Empty { get; } = new(new Dictionary<string, ModelPrice>());

    /// <summary>Reads a price file.</summary>
    /// <exception cref="InvalidDataException">The file is not readable, or a price is missing or wrong.</exception>
    public static PriceMap Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"The price file {path} cannot be used: {e.Message} Mend it, or give another.", e);
        }
    }

    /// <summary>Reads the text of a price file.</summary>
    /// <exception cref="InvalidDataException">The text is no such file, or a price is missing or wrong.</exception>
    public static PriceMap Parse(ReadOnlyMemory<byte> utf8)
    {
        var prices = new Dictionary<string, ModelPrice>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (JsonProperty model in document.RootElement.EnumerateObject())
            {
                if (!prices.TryAdd(model.Name, Price(model)))
                {
                    throw new InvalidDataException($"The model '{model.Name}' has two prices; leave one.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"The prices are unusable: {e.Message}", e);
        }

        return new PriceMap(prices);
    }

    /// <summary>The price of a model, or null when there is none.</summary>
    public ModelPrice? Find(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_exact.TryGetValue(model, out ModelPrice? price))
        {
            return price;
        }

        foreach ((string start, ModelPrice startPrice) in _starts)
        {
            if (model.StartsWith(start, StringComparison.Ordinal))
            {
                return startPrice;
            }
        }

        return null;
    }

    private static ModelPrice Price(JsonProperty model)
    {
        decimal? input = null;
        decimal? output = null;
        decimal? cachedInput = null;
        decimal? cacheWrite = null;
        decimal searchUnit = 0;
        foreach (JsonProperty part in model.Value.EnumerateObject())
        {
            switch (part.Name)
            {
                case "input": input = part.Value.GetDecimal(); break;
                case "output": output = part.Value.GetDecimal(); break;
                case "cached_input": cachedInput = part.Value.GetDecimal(); break;
                case "cache_write": cacheWrite = part.Value.GetDecimal(); break;
                case "search_unit": searchUnit = part.Value.GetDecimal(); break;
                default:
                    throw new InvalidDataException(
                        $"The model '{model.Name}' has an unknown price '{part.Name}'; the known ones are input, "
                        + "cached_input, cache_write, output and search_unit.");
            }
        }

        if (searchUnit == 0 && (input is null || output is null))
        {
            throw new InvalidDataException($"The model '{model.Name}' lacks the price 'input' or 'output'; add it.");
        }

        try
        {
            return new ModelPrice(input ?? 0, output ?? 0, cachedInput, cacheWrite, searchUnit);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The model '{model.Name}': {e.Message}", e);
        }
    }
}
