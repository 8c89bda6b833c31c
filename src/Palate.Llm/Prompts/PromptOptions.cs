namespace Palate.Llm;

/// <summary>What the prompts of a pipeline show, whatever their template.</summary>
/// <remarks>Token limits here are of a fixed measure (about six Latin letters to a token), so that the same text is always
/// cut at the same place and prefixes stay the same while estimates are learned.</remarks>
public sealed class PromptOptions
{
    /// <summary>Where candidates stand.</summary>
    /// <value>The default is <see cref="PromptLayout.Auto"/>.</value>
    public PromptLayout Layout { get; init; } = PromptLayout.Auto;

    /// <summary>Tokens of one item: title, then attributes, then text, as far as they fit.</summary>
    /// <value>The default is 60. 4 to 2,000.</value>
    public int ItemTokens { get; init; } = 60;

    /// <summary>The same where a question shows candidates briefly: title, then values of attributes without their names,
    /// and text only where there are none; at most <see cref="ItemTokens"/>.</summary>
    /// <value>The default is 32. 4 to 2,000.</value>
    public int BriefItemTokens { get; init; } = 32;

    /// <summary>The most history entries; the oldest go first, half of this many at a time, so that the rest stays a prefix.</summary>
    /// <value>The default is 20. 0 to 1,000.</value>
    public int History { get; init; } = 20;

    /// <summary>Tokens of the profile; the query and the goal may have as many.</summary>
    /// <value>The default is 200. 1 to 10,000.</value>
    public int ProfileTokens { get; init; } = 200;

    /// <summary>Names of attributes to show, in this order; empty for all, by name.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Whether to show the base score, rounded to three places.</summary>
    /// <value>The default is false.</value>
    public bool BaseScore { get; init; }

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

    /// <summary>Shorter prefixes than this many tokens are not cached by the provider.</summary>
    /// <value>The default is 1,024, as most hosted providers have it. 0 or more.</value>
    public int MinimumCachedTokens { get; init; } = 1024;

    /// <summary>At most this many tokens of thinking where the template asks for it; 0 takes the template's own cap.</summary>
    /// <value>The default is 0. 0 to 10,000.</value>
    public int ThinkingTokens { get; init; }

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(nameof(ItemTokens), ItemTokens, 4, 2_000);
        Check(nameof(BriefItemTokens), BriefItemTokens, 4, 2_000);
        Check(nameof(History), History, 0, 1_000);
        Check(nameof(ProfileTokens), ProfileTokens, 1, 10_000);
        Check(nameof(MinimumCachedTokens), MinimumCachedTokens, 0, int.MaxValue);
        Check(nameof(ThinkingTokens), ThinkingTokens, 0, 10_000);
        Check(nameof(CachedPriceRatio), CachedPriceRatio ?? 0, 0, 1);
        ArgumentNullException.ThrowIfNull(Attributes);
        ArgumentNullException.ThrowIfNull(Domain);
        if (!Enum.IsDefined(Layout))
        {
            throw new ArgumentException($"{nameof(Layout)} is {Layout}; give Auto, Own or Shared.");
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
