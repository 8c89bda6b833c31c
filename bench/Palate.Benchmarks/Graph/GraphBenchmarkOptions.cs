namespace Palate.Benchmarks;

/// <summary>How the graph is compared with the methods that it must be compared with.</summary>
public sealed record GraphBenchmarkOptions
{
    /// <summary>The data's name in the report.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many users take part, spread evenly; 0 for all.</summary>
    public int Users { get; init; }

    /// <summary>How often each user's held-out interaction is drawn at random; 0 holds out the last one instead.</summary>
    /// <value>The default is 10: NDCG of one relevant item varies so much that differences are small beside it.</value>
    public int Draws { get; init; } = 10;

    /// <summary>How many candidates each user has, 11 to 200.</summary>
    /// <value>The default is 20.</value>
    public int Candidates { get; init; } = 20;

    /// <summary>
    /// The share of NDCG that diversity, with or without fairness, may cost when it is tuned, above 0 and below 1.
    /// </summary>
    /// <value>The default is 0.05.</value>
    public double DiversityLoss { get; init; } = 0.05;

    /// <summary>The share of NDCG that a fairness may cost, above 0 and below 1.</summary>
    /// <value>The default is 0.02.</value>
    public double FairnessLoss { get; init; } = 0.02;

    /// <summary>The simulated model's profile.</summary>
    /// <value>The default is <c>good</c>.</value>
    public string Profile { get; init; } = "good";

    /// <summary>How many cases the sensitivity rows have at most; 0 leaves those rows out.</summary>
    /// <value>The default is 100.</value>
    public int Sensitivity { get; init; } = 100;

    /// <summary>Seeds everything that is random.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;
}
