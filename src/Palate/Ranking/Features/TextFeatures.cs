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
        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            ReadOnlySpan<float> own = _vectors[candidates.Items[candidate]];
            matrix[first][candidate] = TensorPrimitives.Dot(own, profile);
            matrix[first + 1][candidate] = TensorPrimitives.Dot(own, liking);
        }
    }

    private void Mean(Profile history, Span<float> profile, Span<float> liking)
    {
        profile.Clear();
        liking.Clear();
        float mean = TensorPrimitives.Sum(history.Values) / history.Values.Length;
        for (int place = 0; place < history.Items.Length; place++)
        {
            ReadOnlySpan<float> row = _vectors[history.Items[place]];
            TensorPrimitives.Add(profile, row, profile);
            TensorPrimitives.MultiplyAdd(row, history.Values[place] - mean, liking, liking);
        }

        Unit(profile);
        Unit(liking);
    }

    private static void Unit(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        TensorPrimitives.Multiply(vector, norm > 0 ? 1 / norm : 0, vector);
    }
}
