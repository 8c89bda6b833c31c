namespace Palate;

/// <summary>What <see cref="Trainer"/> makes of the data; kept in the manifest of the generation.</summary>
public sealed record TrainingOptions
{
    /// <summary>The seed of everything random in the training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Which sources are fitted and how.</summary>
    public SourceOptions Sources { get; init; } = new();

    /// <summary>How candidates are chosen.</summary>
    public RetrievalOptions Retrieval { get; init; } = new();

    /// <summary>How the ranker learns.</summary>
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>Whether item texts are read: by the sources <c>text</c> and <c>semantic</c>, and by features.</summary>
    /// <value>The default is true; false is for measuring what texts are worth.</value>
    public bool UseTexts { get; init; } = true;
}
