namespace Palate;

/// <summary>Which interactions of a user become labels when the ranker learns.</summary>
public enum HoldOutKind
{
    /// <summary>Random ones: for data and tests without an order in time.</summary>
    Random,

    /// <summary>The latest ones: for recommending what comes next.</summary>
    Latest,
}
