namespace Palate;

/// <summary>One item of a <see cref="Recommendation"/>.</summary>
public sealed record RecommendedItem
{
    /// <summary>The item's external id.</summary>
    public required string ItemId { get; init; }

    /// <summary>The item's title.</summary>
    public required string Title { get; init; }

    /// <summary>Its place in the answer, 1-based.</summary>
    public required int Rank { get; init; }

    /// <summary>The score that the order follows.</summary>
    public required float Score { get; init; }

    /// <summary>What each stage said, in the order of the stages.</summary>
    public required IReadOnlyList<StageScore> Stages { get; init; }

    /// <summary>Which sources proposed the item, in the pipeline's order.</summary>
    public required IReadOnlyList<Proposal> Sources { get; init; }

    /// <summary>Why the item is here; null unless it was asked for.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The ranker's input by feature name; null unless it was asked for.</summary>
    public IReadOnlyDictionary<string, float>? Features { get; init; }
}
