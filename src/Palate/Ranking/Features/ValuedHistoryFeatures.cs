using System.Numerics.Tensors;

namespace Palate;

/// <summary>What the linear item model says when the history weighs by its values instead of item by item alike.</summary>
internal sealed class ValuedHistoryFeatures : IFeatureFamily
{
    private readonly Ease _ease;

    public ValuedHistoryFeatures(Ease ease)
    {
        _ease = ease;
        Definitions =
        [
            new($"{ease.Name}.valued", "standard deviations", $"The score of {ease.Name} when each item of the history " +
                "counts by its value, standardised over the candidates."),
            new($"{ease.Name}.liked", "standard deviations", $"The score of {ease.Name} when each item of the history " +
                "counts by how much better than their mean the user valued it, standardised over the candidates."),
        ];
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; }

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        // A deviation is a value less their mean, so what the deviations say is what the values say, less the mean times
        // what the history says when all of it counts alike.
        ReadOnlySpan<float> values = context.Profile.Values;
        float mean = values.IsEmpty ? 0 : TensorPrimitives.Sum(values) / values.Length;
        _ease.Both(context, out ReadOnlySpan<float> alike, out ReadOnlySpan<float> valued);
        Span<float> byValue = matrix[first];
        Span<float> byDeviation = matrix[first + 1];
        ReadOnlySpan<int> chosen = candidates.Items;
        for (int candidate = 0; candidate < chosen.Length; candidate++)
        {
            int item = chosen[candidate];
            byValue[candidate] = valued[item];
            byDeviation[candidate] = valued[item] - mean * alike[item];
        }

        SourceFeatures.Standardise(byValue);
        SourceFeatures.Standardise(byDeviation);
    }
}
