namespace Palate.Llm;

/// <summary>What the prompts of a pipeline show, whatever their template.</summary>
/// <remarks>Token limits here are of a fixed measure (about six Latin letters to a token), so that the same text is always
/// cut at the same place and prefixes stay the same while estimates are learned.</remarks>
public sealed record PromptOptions
{
    /// <summary>Where candidates stand.</summary>
    /// <value>The default is <see cref="PromptLayout.Auto"/>.</value>
    public PromptLayout Layout { get; init; } = PromptLayout.Auto;

    /// <summary>Tokens of one item: title, then attributes, then text, as far as they fit.</summary>
    /// <value>The default is 60. 4 to 2,000.</value>
    public int ItemTokens { get; init; } = 60;

    /// <summary>The most history entries; the oldest go first, half of this many at a time, so that the rest stays a prefix.</summary>
    /// <value>The default is 20. 0 to 200.</value>
    public int History { get; init; } = 20;

    /// <summary>Tokens of the profile; the query and the goal may have as many.</summary>
    /// <value>The default is 200. 1 to 10,000.</value>
    public int ProfileTokens { get; init; } = 200;

    /// <summary>Names of attributes to show, in this order; empty for all, by name.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>What is recommended, for example <c>films</c>; constant text after the instructions; may be empty.</summary>
    public string Domain { get; init; } = "";

    /// <summary>What a cached input token costs of an uncached one; decides <see cref="PromptLayout.Auto"/>.</summary>
    /// <value>
    /// The default is null, <see cref="UsualCachedPriceRatio"/>; a re-ranker takes its model's price, where it has one. 0 to
    /// 1; near 0 for one's own server, where only time counts.
    /// </value>
    public double? CachedPriceRatio { get; init; }

    /// <summary>What is taken for <see cref="CachedPriceRatio"/> where nobody gives one.</summary>
    public const double UsualCachedPriceRatio = 0.5;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check("item_tokens", ItemTokens, 4, 2_000);
        Check("history", History, 0, 200);
        Check("profile_tokens", ProfileTokens, 1, 10_000);
        Check("cached_price_ratio", CachedPriceRatio ?? 0, 0, 1);
        ArgumentNullException.ThrowIfNull(Attributes);
        ArgumentNullException.ThrowIfNull(Domain);
        if (!Enum.IsDefined(Layout))
        {
            throw new ArgumentException($"layout is {Layout}; give auto, own or shared.");
        }
    }

    private static void Check(string name, double value, double low, double high)
    {
        if (!(value >= low && value <= high))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {low} to {high}."));
        }
    }
}
