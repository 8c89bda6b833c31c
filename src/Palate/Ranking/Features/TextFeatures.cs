using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>How close the text of a candidate is to the texts of the user's history.</summary>
internal sealed class TextFeatures : IFeatureFamily
{
    // Longer histories are read at this many evenly spaced items: the mean hardly changes, the cost does.
    private const int MaxHistory = 256;
    private const int Nearest = 5;

    private readonly ItemVectors _vectors;

    public TextFeatures(ItemVectors vectors) => _vectors = vectors;

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("text.profile", "cosine", "The cosine of the candidate's text and the mean text of the history."),
        new("text.liking", "cosine", "The cosine of the candidate's text and the mean of the history's texts, each " +
            "weighted by how much better than their mean the user valued it."),
        new("text.nearest", "cosine", "The mean cosine of the candidate's text and the five nearest of the history."),
    ];

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        ReadOnlySpan<int> items = context.Profile.Items;
        if (items.IsEmpty)
        {
            for (int feature = first; feature < first + 3; feature++)
            {
                matrix[feature].Fill(float.NaN);
            }

            return;
        }

        Span<float> profile = stackalloc float[_vectors.Dimensions];
        Span<float> liking = stackalloc float[_vectors.Dimensions];
        Mean(context.Profile, profile, liking);
        // The history's vectors side by side: history [length, dimensions].
        int length = Math.Min(items.Length, MaxHistory);
        float[] rented = ArrayPool<float>.Shared.Rent(length * _vectors.Dimensions);
        Span<float> history = rented.AsSpan(0, length * _vectors.Dimensions);
        for (int place = 0; place < length; place++)
        {
            int item = items[(int)((long)place * items.Length / length)];
            _vectors[item].CopyTo(history[(place * _vectors.Dimensions)..]);
        }

        Span<float> cosines = stackalloc float[length];
        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            ReadOnlySpan<float> own = _vectors[candidates.Items[candidate]];
            matrix[first][candidate] = TensorPrimitives.Dot(own, profile);
            matrix[first + 1][candidate] = TensorPrimitives.Dot(own, liking);
            VectorScan.Scores(own, history, cosines);
            matrix[first + 2][candidate] = MeanOfNearest(cosines);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static float MeanOfNearest(Span<float> cosines)
    {
        int count = Math.Min(Nearest, cosines.Length);
        float sum = 0;
        for (int kept = 0; kept < count; kept++)
        {
            int best = TensorPrimitives.IndexOfMax<float>(cosines[kept..]) + kept;
            (cosines[kept], cosines[best]) = (cosines[best], cosines[kept]);
            sum += cosines[kept];
        }

        return sum / count;
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
