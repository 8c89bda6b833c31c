namespace Palate;

/// <summary>What became of a rule of a request.</summary>
/// <param name="Rule">The kind: <c>pin</c>, <c>boost</c> or <c>cap</c>.</param>
/// <param name="Subject">The item's id, or the attribute and value, as <c>genre=Drama</c>.</param>
/// <param name="Held">Whether it holds as it was written.</param>
/// <param name="Reason">What was done, or why it could not be, in a sentence.</param>
public sealed record RuleOutcome(string Rule, string Subject, bool Held, string Reason);
