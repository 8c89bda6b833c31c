namespace Palate;

/// <summary>Turns features into base scores.</summary>
/// <remarks>Immutable after training, therefore safe to use from any thread. Scores are finite.</remarks>
public interface IRanker
{
    /// <summary>The ranker's name, for example <c>lambdamart</c>.</summary>
    string Name { get; }

    /// <summary>Writes one score per candidate; higher is better.</summary>
    void Score(FeatureMatrix features, Span<float> scores);

    /// <summary>
    /// Writes what each feature contributed to one candidate's score. The contributions and the returned bias add up
    /// to the score.
    /// </summary>
    /// <param name="features">The request's features.</param>
    /// <param name="candidate">Which candidate, 0-based.</param>
    /// <param name="contributions">Receives one value per feature.</param>
    /// <returns>The part of the score that no feature explains.</returns>
    float Explain(FeatureMatrix features, int candidate, Span<float> contributions);
}
