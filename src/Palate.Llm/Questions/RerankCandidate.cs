namespace Palate.Llm;

/// <summary>A candidate as a prompt shows it.</summary>
/// <param name="Id">The owner's id; never shown to the model, part of cache keys.</param>
/// <param name="Title">The title.</param>
/// <param name="BaseScore">The base ranking's score; finite.</param>
public sealed record RerankCandidate(string Id, string Title, float BaseScore)
{
    /// <summary>What is written about the item; may be empty, and of any length.</summary>
    public string Text { get; init; } = "";

    /// <summary>Values by attribute name; never changed once it is in a request, since its text is kept.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = Palate.Attributes.None;

    /// <summary>How little known the item is, from 0, for example in bits; null when that is not known.</summary>
    public float? Novelty { get; init; }
}
