namespace Palate;

/// <summary>Features that are computed together because they read the same facts.</summary>
/// <remarks>Immutable after fitting, therefore safe to use from any thread.</remarks>
internal interface IFeatureFamily
{
    /// <summary>What each feature is, in the order in which they are filled.</summary>
    IReadOnlyList<FeatureDefinition> Definitions { get; }

    /// <summary>Writes the family's features of every candidate.</summary>
    /// <param name="context">The request.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="matrix">Receives the features, from row <paramref name="first"/> on.</param>
    /// <param name="first">The number of the family's first feature in the matrix.</param>
    void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first);
}
