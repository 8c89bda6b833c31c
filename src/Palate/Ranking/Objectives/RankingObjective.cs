namespace Palate;

/// <summary>What boosted trees minimise.</summary>
public enum RankingObjective
{
    /// <summary>
    /// Pairs of a group in the wrong order, each weighed by the NDCG that swapping them would change (Burges 2010,
    /// "From RankNet to LambdaRank to LambdaMART").
    /// </summary>
    LambdaRank,

    /// <summary>Binary cross-entropy per row; labels above 1 are divided by the largest label.</summary>
    Logistic,
}
