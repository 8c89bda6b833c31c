namespace Palate;

/// <summary>One request of the past: what the base said, what the evidence said, and what proved right.</summary>
/// <param name="Base">The base score of each candidate, finite.</param>
/// <param name="Evidence">The evidence's utility of each candidate, finite; empty where the model brought nothing.</param>
/// <param name="Labels">The gain of each candidate by held-out feedback, 0 for none.</param>
/// <param name="Segment">The kind of request, for example <c>cold</c> or <c>query</c>; may be empty.</param>
public sealed record TrustSample(float[] Base, float[] Evidence, float[] Labels, string Segment = "")
{
    /// <summary>Whether anything proved right: without it a request says nothing.</summary>
    public bool IsTelling => Labels.Any(label => label > 0);

    /// <summary>NDCG of the order that a blend makes.</summary>
    /// <param name="blend">How base and evidence are put together.</param>
    /// <param name="top">How many places count.</param>
    public double Ndcg(Blend blend, int top)
    {
        ArgumentNullException.ThrowIfNull(blend);
        return TrustLearner.Ndcg(this, blend, top);
    }
}
