namespace Palate;

/// <summary>The weight of the base that was learned for one kind of request, and what it was learned from.</summary>
/// <param name="Alpha">The weight of the base; 1 where trust was not earned.</param>
/// <param name="AlphaInterval">Where the best weight lies when the requests are drawn anew.</param>
/// <param name="Gain">The mean gain in NDCG on requests that had no part in choosing the weight.</param>
/// <param name="GainInterval">Its interval, by the paired bootstrap; for a segment shrunk to the whole.</param>
/// <param name="Requests">How many requests it was learned from.</param>
public sealed record LearnedAlpha(
    double Alpha, MetricInterval AlphaInterval, double Gain, MetricInterval GainInterval, int Requests)
{
    /// <summary>Whether the re-ranker is worth asking.</summary>
    public bool Asks => Alpha < 1;
}
