namespace Palate;

/// <summary>How the proposals of several sources become one order.</summary>
public enum FusionMethod
{
    /// <summary>
    /// Reciprocal rank fusion: an item's fused score is the sum over sources of weight / (k + rank).
    /// Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
    /// methods", SIGIR 2009.
    /// </summary>
    ReciprocalRank,

    /// <summary>
    /// The sources take turns, each with its best proposal that nobody took before, until their quotas are used; the
    /// proposals beyond the quotas follow in the same way. An item's fused score is 1 / its place.
    /// </summary>
    Quota,
}
