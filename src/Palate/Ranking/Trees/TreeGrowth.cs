namespace Palate;

/// <summary>How a tree grows.</summary>
public enum TreeGrowth
{
    /// <summary>The leaf with the largest gain is split next (as LightGBM grows trees).</summary>
    LeafWise,

    /// <summary>All nodes of a level share one split (as CatBoost grows trees), which scores fastest.</summary>
    Oblivious,
}
