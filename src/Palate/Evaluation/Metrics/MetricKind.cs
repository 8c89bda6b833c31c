namespace Palate;

/// <summary>What a metric measures; the formulas are at <see cref="RankingMetrics"/> and <see cref="ListMetrics"/>.</summary>
public enum MetricKind
{
    /// <summary>Share of the relevant items that were found.</summary>
    Recall,

    /// <summary>Share of the ranked items that are relevant.</summary>
    Precision,

    /// <summary>Whether anything relevant was found.</summary>
    HitRate,

    /// <summary>One over the rank of the first relevant item.</summary>
    ReciprocalRank,

    /// <summary>Mean precision at the relevant items, over all relevant items.</summary>
    AveragePrecision,

    /// <summary>Mean precision at the relevant items, over as many as fit.</summary>
    AveragePrecisionCapped,

    /// <summary>Discounted gain over the ideal of the first k.</summary>
    Ndcg,

    /// <summary>Discounted gain over the ideal of all relevant items.</summary>
    NdcgFull,

    /// <summary>Share of unequal pairs in the right order.</summary>
    PairwiseAccuracy,

    /// <summary>Discounted gain in which a topic that was shown already counts less.</summary>
    AlphaNdcg,

    /// <summary>Difference of the mean place of two groups of items, over all lists together.</summary>
    GroupGap,

    /// <summary>The same within each list.</summary>
    GroupGapPerUser,

    /// <summary>Share of the catalog that anybody was shown.</summary>
    Coverage,

    /// <summary>How unevenly the shown places fall on the items.</summary>
    Gini,

    /// <summary>How surprising the shown items are, in bits.</summary>
    Novelty,

    /// <summary>How often the shown items occur in the training data.</summary>
    Popularity,

    /// <summary>Share of shown items from the long tail.</summary>
    Tail,

    /// <summary>How different the shown items are from each other.</summary>
    Diversity,

    /// <summary>How many bits it takes to say which item a shown place holds, over all lists together.</summary>
    Entropy,

    /// <summary>How evenly the topics of one list are mixed, in bits.</summary>
    TopicEntropy,

    /// <summary>How far the topics of a list are from those of the user's history.</summary>
    Calibration,

    /// <summary>How evenly two groups of items are exposed for their size, over all lists together.</summary>
    ExposureRatio,
}
