namespace Palate;

/// <summary>Something that can be recommended, as its owner describes it.</summary>
/// <param name="Id">The owner's id, never empty.</param>
public sealed record Item(string Id)
{
    /// <summary>The name that a person sees.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is written about the item; may be empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>Values by attribute name, for example <c>genre</c> to <c>Comedy, Drama</c>.</summary>
    /// <remarks>An attribute whose values are all numbers can be used as a number, for example <c>year</c>.</remarks>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = Palate.Attributes.None;

    /// <summary>When the item appeared, in Unix seconds; null when unknown.</summary>
    public long? AddedAt { get; init; }
}
