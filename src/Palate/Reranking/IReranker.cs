namespace Palate;

/// <summary>Scores the candidates of a base ranking anew, for example by asking a language model.</summary>
/// <remarks>
/// A re-ranker orders and never adds or drops: it returns one finite score per candidate. Thread-safe. It keeps to the
/// deadline of its context, and answers with what it knows by then, in the worst case with the base order. One that is
/// late or throws all the same is passed over, and the answer says so.
/// </remarks>
public interface IReranker
{
    /// <summary>Judges the candidates of one request.</summary>
    /// <param name="context">The request, its base ranking, and how long there is.</param>
    /// <param name="stop">Ends the work, because the deadline has come or nobody waits for the answer any more.</param>
    ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop);
}
