namespace Palate.Llm;

/// <summary>How sure a rule must be to be learned from a catalog.</summary>
public sealed class CatalogRulesOptions
{
    /// <summary>In how many items a word must stand.</summary>
    /// <value>The default is 5. 2 or more.</value>
    public int MinimumItems { get; init; } = 5;

    /// <summary>In which share of a word's items another must stand to be added to it.</summary>
    /// <value>The default is 0.9. Above 0.5, at most 1.</value>
    public double MinimumShare { get; init; } = 0.9;

    /// <summary>How similar the contexts of two words that do not stand together must be to count as synonyms.</summary>
    /// <remarks>Also words that exclude each other have the same contexts: look at what was learned before it is used.</remarks>
    /// <value>The default is 1, which learns none; 0.8 is a good first try. Above 0, at most 1.</value>
    public double MinimumSimilarity { get; init; } = 1;

    /// <summary>At most this many words are added to one.</summary>
    /// <value>The default is 2. 0 to 20.</value>
    public int MostPerWord { get; init; } = 2;

    /// <summary>Words in more than this share of all items say nothing of any.</summary>
    /// <value>The default is 0.2. Above 0, at most 1.</value>
    public double MaximumShare { get; init; } = 0.2;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Check(nameof(MinimumItems), MinimumItems, MinimumItems >= 2, "2 or more");
        Check(nameof(MinimumShare), MinimumShare, MinimumShare is > 0.5 and <= 1, "above 0.5, at most 1");
        Check(nameof(MinimumSimilarity), MinimumSimilarity, MinimumSimilarity is > 0 and <= 1, "above 0, at most 1");
        Check(nameof(MostPerWord), MostPerWord, MostPerWord is >= 0 and <= 20, "0 to 20");
        Check(nameof(MaximumShare), MaximumShare, MaximumShare is > 0 and <= 1, "above 0, at most 1");
    }

    private static void Check(string name, double value, bool valid, string limits)
    {
        if (!valid)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; give {limits}."));
        }
    }
}
