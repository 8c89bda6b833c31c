namespace Palate.Llm;

/// <summary>What a node of the graph looks at, and what an order is measured by for it; each from 0 to 1, 1 the best.</summary>
public enum GraphAspect
{
    /// <summary>DCG of the candidates' expected gain at the places that matter, of the most there is.</summary>
    Accuracy,

    /// <summary>alpha-NDCG of the attribute's values at the places that matter, all candidates counting.</summary>
    Diversity,

    /// <summary>1 less the gap between the mean places of two groups, places counted linearly from 1 to 0.</summary>
    Fairness,

    /// <summary>The mean novelty of the places that matter, between the least and the most there is.</summary>
    Novelty,

    /// <summary>1 less the divergence of the attribute's shares from the user's taste, scaled.</summary>
    Calibration,
}
