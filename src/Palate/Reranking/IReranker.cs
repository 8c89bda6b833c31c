namespace Palate;

/// <summary>Scores the candidates of a base ranking anew, for example by asking a language model.</summary>
/// <remarks>
/// A re-ranker orders and never adds or drops: it returns one finite score per candidate. Thread-safe. It keeps to the
/// token it is given, and answers with the base order rather than fail.
/// </remarks>
public interface IReranker
{
    /// <summary>Judges the candidates of one request.</summary>
    /// <param name="ranking">The base ranking.</param>
    /// <param name="request">The request.</param>
    /// <param name="generation">The generation that the request is pinned to: catalog and ids.</param>
    /// <param name="stop">Ends the work; what is known by then is the answer.</param>
    ValueTask<RerankResult> RerankAsync(
        Ranking ranking, RecommendRequest request, Generation generation, CancellationToken stop);
}
