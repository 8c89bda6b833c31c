namespace Palate;

/// <summary>A rule: items with a value of an attribute move up, or with a negative number down.</summary>
/// <param name="Attribute">The attribute, for example <c>brand</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="By">
/// What is added to the item's relevance, which runs from 0 for the last candidate to 1 for the first: -1 to 1. At 1
/// every such item stands before, at -1 behind all others. Several boosts of one item add up.
/// </param>
public sealed record Boost(string Attribute, string Value, float By);
