namespace Palate;

/// <summary>Why a score is what it is: a tree that is written by the code that computed the score.</summary>
/// <param name="Stage">The stage or feature that speaks.</param>
/// <param name="Value">What it contributed, in the unit of the node above it.</param>
/// <param name="Words">The reason in words, with the numbers behind it.</param>
public sealed record Explanation(string Stage, float Value, string Words)
{
    /// <summary>What the value is made of; the parts of a sum add up to it.</summary>
    public IReadOnlyList<Explanation> Parts { get; init; } = [];
}
