namespace Palate;

/// <summary>What a shaper goes by, beside the relevance of the candidates.</summary>
[Flags]
public enum ShaperNeeds
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The values of an attribute: <see cref="ShapingList.Topics"/>.</summary>
    Attribute = 1,

    /// <summary>Two groups of items: <see cref="ShapingList.Groups"/>.</summary>
    Groups = 2,

    /// <summary>How alike two candidates are: <see cref="ShapingList.Similarity"/>.</summary>
    Similarity = 4,

    /// <summary>What the user likes among the values of the attribute: <see cref="ShapingList.Taste"/>.</summary>
    Taste = 8,

    /// <summary>How little known a candidate is: <see cref="ShapingList.Novelty"/>.</summary>
    Novelty = 16,
}
