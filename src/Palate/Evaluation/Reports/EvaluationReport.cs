namespace Palate;

/// <summary>Everything that an evaluation found, and what is needed to repeat it.</summary>
public sealed record EvaluationReport
{
    /// <summary>What the report is about.</summary>
    public required string Title { get; init; }

    /// <summary>How the data was divided, in words.</summary>
    public required string Protocol { get; init; }

    /// <summary>What counts as relevant and how ranking was done, in words.</summary>
    public required string Rules { get; init; }

    /// <summary>The seed of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many bootstrap samples the intervals rest on.</summary>
    public required int Resamples { get; init; }

    /// <summary>The generation whose models were evaluated; null when there is none.</summary>
    public string? Generation { get; init; }

    /// <summary>The SHA-256 of the split.</summary>
    public required string DataHash { get; init; }

    /// <summary>Users who were evaluated.</summary>
    public required int Users { get; init; }

    /// <summary>Users who were skipped because nothing of theirs is relevant.</summary>
    public required int SkippedUsers { get; init; }

    /// <summary>Evaluated users without any training interaction.</summary>
    public required int UsersWithoutHistory { get; init; }

    /// <summary>Items of the catalog, all of which were ranked.</summary>
    public required int Items { get; init; }

    /// <summary>Training interactions.</summary>
    public required int TrainInteractions { get; init; }

    /// <summary>Held-out interactions.</summary>
    public required int HeldOutInteractions { get; init; }

    /// <summary>How many ranks each stage was asked for.</summary>
    public required int Depth { get; init; }

    /// <summary>The metrics' names in the order of the report.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The row of each evaluated user, ascending; the per-user values are in this order. Empty without them.</summary>
    public required IReadOnlyList<int> UserRows { get; init; }

    /// <summary>The stages in the order in which they were given.</summary>
    public required IReadOnlyList<StageResult> Stages { get; init; }

    /// <summary>What to compare with: chance, popularity, and the bounds that no re-ordering can pass.</summary>
    public required IReadOnlyList<StageResult> References { get; init; }

    /// <summary>Each stage against the first and against the one before it.</summary>
    public required IReadOnlyList<StageComparison> Comparisons { get; init; }

    /// <summary>The comparisons of the last stage: what a reader looks for among those of many stages.</summary>
    internal IEnumerable<StageComparison> LastComparisons => Comparisons.Where(row => row.Stage == Stages[^1].Name);

    /// <summary>What the popularity bands are: for each, the share of the catalog where it ends, most popular first.</summary>
    public required IReadOnlyList<double> Bands { get; init; }

    /// <summary>The share of the training interactions in each popularity band.</summary>
    public required IReadOnlyList<double> TrainBandShares { get; init; }

    /// <summary>When the evaluation started.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long it took, in seconds of wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>The greatest memory of the process so far, in bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Where it ran.</summary>
    public required EvaluationEnvironment Environment { get; init; }
}
