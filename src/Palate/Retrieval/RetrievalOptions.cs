namespace Palate;

/// <summary>How the candidates of a request are chosen from what the sources propose.</summary>
public sealed record RetrievalOptions
{
    /// <summary>
    /// The names of the sources that go by the history and serve the default pipeline: they propose, and their scores
    /// are features. Null means all of them; a source that is not named can still be asked for as a pipeline.
    /// </summary>
    public IReadOnlyList<string>? Sources { get; init; } = ["als", "ease-side"];

    /// <summary>How many candidates go on to the ranker.</summary>
    /// <value>The default is 150. 1 to 10,000.</value>
    public int Candidates { get; init; } = 150;

    /// <summary>How many items each source proposes.</summary>
    /// <value>The default is 150. 1 to 10,000.</value>
    public int PerSource { get; init; } = 150;

    /// <summary>The weight of a source in reciprocal-rank fusion, by name; a source that is not named has 1.</summary>
    public IReadOnlyDictionary<string, float> Weights { get; init; } = new Dictionary<string, float>();

    /// <summary>How much the match with a query counts against the ranker's taste, 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public float QueryWeight { get; init; } = 0.5f;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        Require(Candidates is >= 1 and <= 10_000, $"retrieval.candidates is {Candidates}; give 1 to 10000.");
        Require(PerSource is >= 1 and <= 10_000, $"retrieval.per_source is {PerSource}; give 1 to 10000.");
        Require(QueryWeight is >= 0 and <= 1, $"retrieval.query_weight is {QueryWeight}; give 0 to 1.");
        foreach (string source in Sources ?? [])
        {
            Require(
                SourceKinds.Find(source)?.Role is SourceRole.History or SourceRole.HistoryAndQuery,
                $"retrieval.sources names '{source}'; give some of {string.Join(", ", SourceKinds.Personal)}.");
        }

        foreach ((string source, float weight) in Weights)
        {
            Require(
                SourceKinds.Find(source) is not null,
                $"retrieval.weights names '{source}'; there are {string.Join(", ", SourceKinds.All.Select(kind => kind.Name))}.");
            Require(
                float.IsFinite(weight) && weight >= 0,
                $"retrieval.weights.{source} is {weight}; give a number that is not negative.");
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
