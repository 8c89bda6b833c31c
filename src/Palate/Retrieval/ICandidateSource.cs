namespace Palate;

/// <summary>Proposes candidates for a request.</summary>
/// <remarks>
/// A source is immutable after it was fitted, therefore safe to use from any thread; all state of a request is in the
/// context. A source that has nothing to go by (no history, no query) proposes nothing. It never proposes an item
/// that the filter blocks, proposes each at most once, and never writes NaN.
/// </remarks>
public interface ICandidateSource
{
    /// <summary>The source's name in configuration, provenance and features, for example <c>als</c>.</summary>
    string Name { get; }

    /// <summary>Writes the best allowed items, best first, and returns how many it wrote.</summary>
    /// <param name="context">The request.</param>
    /// <param name="destination">Receives at most its own length; equal scores keep ascending item order.</param>
    int Propose(RetrievalContext context, Span<ScoredItem> destination);

    /// <summary>Writes the source's raw score of each given item, 0 where the source knows nothing of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="items">Item indices, in any order.</param>
    /// <param name="scores">Receives one score per item.</param>
    void Score(RetrievalContext context, ReadOnlySpan<int> items, Span<float> scores);
}
