using System.Buffers;
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
        Profile profile = context.Profile;
        float[] rented = ArrayPool<float>.Shared.Rent(profile.Items.Length);
        Span<float> deviations = rented.AsSpan(0, profile.Items.Length);
        float mean = profile.Values.IsEmpty ? 0 : TensorPrimitives.Sum(profile.Values) / profile.Values.Length;
        TensorPrimitives.Subtract(profile.Values, mean, deviations);
        _ease.Score(
            profile.Items, profile.Values, deviations, candidates.Items, matrix[first], matrix[first + 1]);
        ArrayPool<float>.Shared.Return(rented);
        SourceFeatures.Standardise(matrix[first]);
        SourceFeatures.Standardise(matrix[first + 1]);
    }
}
