using System.Collections.Frozen;

namespace Palate.Llm;

/// <summary>How queries and item texts are rewritten before anything is matched or shown.</summary>
public sealed class RewriteOptions
{
    private static readonly FrozenSet<string> English = FrozenSet.Create(
        StringComparer.Ordinal,
        "the", "a", "an", "and", "or", "to", "for", "with", "of", "in", "on", "at", "is", "are");

    /// <summary>Words that are left out, in lower case.</summary>
    /// <value>The default is fourteen English function words.</value>
    public IReadOnlySet<string> StopWords { get; init; } = English;

    /// <summary>Words, in lower case, and the words that stand in their place.</summary>
    public IReadOnlyDictionary<string, string> Synonyms { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What is added to a query that has certain words; applied in order.</summary>
    public IReadOnlyList<QueryExpansion> Expansions { get; init; } = [];

    /// <summary>The most words of a rewritten query.</summary>
    /// <value>The default is 32. 1 to 1,000.</value>
    public int QueryWords { get; init; } = 32;

    /// <summary>The most words of a rewritten item text, its title not counted.</summary>
    /// <value>The default is 24. 0 to 10,000.</value>
    public int ItemWords { get; init; } = 24;

    /// <summary>Whether a word of an item text is kept only once.</summary>
    /// <value>The default is false.</value>
    public bool DistinctItemWords { get; init; }

    /// <summary>Decides, together with the query, the expansions that happen only sometimes.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(StopWords);
        ArgumentNullException.ThrowIfNull(Synonyms);
        ArgumentNullException.ThrowIfNull(Expansions);
        if (QueryWords is < 1 or > 1_000)
        {
            throw new ArgumentException($"{nameof(QueryWords)} is {QueryWords}; give 1 to 1000.");
        }

        if (ItemWords is < 0 or > 10_000)
        {
            throw new ArgumentException($"{nameof(ItemWords)} is {ItemWords}; give 0 to 10000.");
        }

        foreach (QueryExpansion expansion in Expansions)
        {
            expansion.Validate();
        }
    }
}
