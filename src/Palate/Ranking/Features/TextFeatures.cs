using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>How close the text of a candidate is to the texts of the user's history.</summary>
internal sealed class TextFeatures : IFeatureFamily
{
    private readonly ItemVectors _vectors;

    public TextFeatures(ItemVectors vectors) => _vectors = vectors;

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("text.profile", "cosine", "The cosine of the candidate's text and the mean text of the history."),
        new("text.liking", "cosine", "The cosine of the candidate's text and the mean of the history's texts, each " +
            "weighted by how much better than their mean the user valued it."),
    ];

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        ReadOnlySpan<int> items = context.Profile.Items;
        if (items.IsEmpty)
        {
            for (int feature = first; feature < first + 2; feature++)
            {
                matrix[feature].Fill(float.NaN);
            }

            return;
        }

        Span<float> profile = stackalloc float[_vectors.Dimensions];
        Span<float> liking = stackalloc float[_vectors.Dimensions];
        Mean(context.Profile, profile, liking);
        VectorSums.Dots(_vectors.Data, candidates.Items, profile, liking, matrix[first], matrix[first + 1]);
    }

    private void Mean(Profile history, Span<float> profile, Span<float> liking)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(history.Values.Length);
        Span<float> deviations = rented.AsSpan(0, history.Values.Length);
        float mean = TensorPrimitives.Sum(history.Values) / history.Values.Length;
        TensorPrimitives.Subtract(history.Values, mean, deviations);
        VectorSums.Add(_vectors.Data, history.Items, deviations, profile, liking);
        ArrayPool<float>.Shared.Return(rented);
        Unit(profile);
        Unit(liking);
    }

    private static void Unit(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        TensorPrimitives.Multiply(vector, norm > 0 ? 1 / norm : 0, vector);
    }
}
