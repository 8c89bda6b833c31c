namespace Palate;

/// <summary>What a relevant item is worth in a discounted cumulative gain.</summary>
public enum Gain
{
    /// <summary>1 for every relevant item.</summary>
    Binary,

    /// <summary>The grade itself: Jarvelin and Kekalainen 2002, and trec_eval's <c>ndcg_cut</c>.</summary>
    Linear,

    /// <summary>2^grade - 1: Burges et al. 2005.</summary>
    Exponential,
}
