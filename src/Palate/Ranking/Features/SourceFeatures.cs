using System.Numerics.Tensors;

namespace Palate;

/// <summary>What every source thinks of a candidate, whether it proposed it or not.</summary>
internal sealed class SourceFeatures : IFeatureFamily
{
    private readonly ICandidateSource[] _sources;

    public SourceFeatures(IReadOnlyList<ICandidateSource> sources)
    {
        _sources = [.. sources];
        Definitions =
        [
            .. _sources.Select(source => new FeatureDefinition(
                $"{source.Name}.score",
                "standard deviations",
                $"The raw score of {source.Name}, less the mean over the candidates, by their standard deviation.")),
        ];
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; }

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        for (int source = 0; source < _sources.Length; source++)
        {
            Span<float> scores = matrix[first + source];
            _sources[source].Score(context, candidates.Items, scores);
            Standardise(scores);
        }
    }

    /// <summary>Less the mean, by the deviation; equal scores all become 0.</summary>
    internal static void Standardise(Span<float> scores)
    {
        if (scores.IsEmpty)
        {
            return;
        }

        float mean = TensorPrimitives.Sum<float>(scores) / scores.Length;
        TensorPrimitives.Subtract(scores, mean, scores);
        float deviation = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(scores) / scores.Length);

        // Scores that are equal differ from their mean by its rounding.
        TensorPrimitives.Multiply(scores, deviation > 1e-6f * MathF.Abs(mean) ? 1 / deviation : 0, scores);
    }
}
