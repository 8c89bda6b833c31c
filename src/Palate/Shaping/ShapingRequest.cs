namespace Palate;

/// <summary>What shaping reads of a request.</summary>
/// <param name="Rules">What the owner of the list wants of it.</param>
/// <param name="Count">How many items are wanted.</param>
/// <param name="Exclude">Item ids that must not be returned.</param>
/// <param name="IncludeSeen">Whether items of the user's own history may be returned.</param>
internal sealed record ShapingRequest(Rules Rules, int Count, IReadOnlyList<string> Exclude, bool IncludeSeen);
