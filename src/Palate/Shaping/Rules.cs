namespace Palate;

/// <summary>What the owner of a list wants of it, whatever the models say.</summary>
/// <remarks>
/// In order of strength: what is excluded is out, also when it is pinned; a pinned item has its place, also when its
/// cap is full; a cap holds for everything that is not pinned, and the answer is shorter rather than over a cap; boosts
/// move relevance before the shaper sees it. Of two pins on one place the first in the list has it and the other the
/// next free place. Every rule that does not hold as it was written says why, see <see cref="Recommendation.Rules"/>.
/// </remarks>
public sealed record Rules
{
    /// <summary>The most entries in each list of rules but <see cref="Exclude"/>.</summary>
    public const int MaxRules = 100;

    /// <summary>The most ids in <see cref="Exclude"/>.</summary>
    public const int MaxExclusions = 10_000;

    /// <summary>The lowest place that an item can be pinned to, 1-based.</summary>
    public const int MaxRank = 1000;

    /// <summary>Item ids that must not be returned.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Items that stand at a certain rank.</summary>
    public IReadOnlyList<Pin> Pins { get; init; } = [];

    /// <summary>Items that move up, or down, for a value of an attribute.</summary>
    public IReadOnlyList<Boost> Boosts { get; init; } = [];

    /// <summary>How many items of a value the answer may hold.</summary>
    public IReadOnlyList<Cap> Caps { get; init; } = [];

    /// <summary>No rules at all.</summary>
    public static Rules None { get; } = new();

    /// <summary>Whether anything is left to do after retrieval.</summary>
    internal bool NeedsShaping => Pins.Count + Boosts.Count + Caps.Count > 0;

    /// <summary>Checks every rule against its limits.</summary>
    /// <exception cref="InvalidRequestException">A rule is out of its limits.</exception>
    public void Validate()
    {
        CheckCount("exclude", Exclude.Count, MaxExclusions);
        CheckCount("pins", Pins.Count, MaxRules);
        CheckCount("boosts", Boosts.Count, MaxRules);
        CheckCount("caps", Caps.Count, MaxRules);
        foreach (Pin pin in Pins)
        {
            Check(
                pin.Rank is >= 1 and <= MaxRank,
                $"the pin of '{pin.ItemId}' is to rank {pin.Rank}; give a rank from 1 to {MaxRank}.");
        }

        foreach (Boost boost in Boosts)
        {
            Check(
                boost.By is >= -1 and <= 1,
                $"the boost of {boost.Attribute}={boost.Value} is by {boost.By}; give a number from -1 to 1.");
        }

        foreach (Cap cap in Caps)
        {
            Check(cap.Most >= 1, $"the cap of {cap} is {cap.Most}; give at least 1, or exclude the items.");
        }
    }

    // Every request comes this way, so the message is written only when it is needed.
    private static void CheckCount(string name, int count, int most)
    {
        if (count > most)
        {
            Check(false, $"{name} has {count} entries; at most {most} are read.");
        }
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidRequestException("rules", "rules: " + message);
        }
    }
}
