namespace Palate;

/// <summary>How the scores of one request are brought to one scale.</summary>
public enum Normalisation
{
    /// <summary>(s - min) / (max - min): 0 to 1; one half for all where all are equal.</summary>
    MinMax,

    /// <summary>(s - mean) / standard deviation; 0 for all where all are equal.</summary>
    ZScore,

    /// <summary>The share of the others that are worse, equal ones counting half: 0 to 1.</summary>
    Rank,

    /// <summary>The logistic function of the z-score: above 0, below 1, outliers flattened.</summary>
    Sigmoid,
}
