using System.Numerics.Tensors;

namespace Palate;

/// <summary>How often and how well a candidate was received, and how active and how generous the user is.</summary>
internal sealed class CountFeatures : IFeatureFamily
{
    // Means are drawn to the mean of all values as if each item had this many average interactions more.
    private const float PriorCount = 5;

    private readonly float[] _logCounts;
    private readonly float[] _means;
    private readonly float[] _deviations;
    private readonly float _mean;

    public CountFeatures(InteractionMatrix matrix)
    {
        float[] sums = new float[matrix.Columns];
        float[] squares = new float[matrix.Columns];
        float[] counts = new float[matrix.Columns];
        double total = 0;
        for (int cell = 0; cell < matrix.Count; cell++)
        {
            sums[matrix.Indices[cell]] += matrix.Values[cell];
            counts[matrix.Indices[cell]]++;
            squares[matrix.Indices[cell]] += matrix.Values[cell] * matrix.Values[cell];
            total += matrix.Values[cell];
        }

        _mean = matrix.Count == 0 ? 0 : (float)(total / matrix.Count);
        _means = new float[matrix.Columns];
        _deviations = new float[matrix.Columns];
        _logCounts = new float[matrix.Columns];
        for (int item = 0; item < sums.Length; item++)
        {
            _means[item] = (sums[item] + PriorCount * _mean) / (counts[item] + PriorCount);
            float own = sums[item] / MathF.Max(1, counts[item]);
            _deviations[item] = MathF.Sqrt(MathF.Max(0, squares[item] - counts[item] * own * own) / (counts[item] + 1));
            _logCounts[item] = MathF.Log(1 + counts[item]);
        }
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("item.count", "log count", "log(1 + n) of the item's n interactions."),
        new("item.mean", "value", "The mean value of the item's interactions, drawn to the mean of all."),
        new("item.deviation", "value", "The standard deviation of the values of the item's interactions."),
        new("item.against_taste", "log count", "item.count less its mean over the user's history."),
        new("user.taste", "log count", "The mean of item.count over the user's history: how popular a taste is."),
        new("user.count", "log count", "log(1 + n) of the n interactions in the user's history."),
        new("user.mean", "value", "The mean value of the user's history, drawn to the mean of all."),
    ];

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        ReadOnlySpan<int> history = context.Profile.Items;
        float taste = 0;
        foreach (int item in history)
        {
            taste += _logCounts[item];
        }

        taste /= Math.Max(1, history.Length);
        Span<float> counts = matrix[first];
        Span<float> means = matrix[first + 1];
        Span<float> deviations = matrix[first + 2];
        ReadOnlySpan<int> chosen = candidates.Items;
        for (int candidate = 0; candidate < chosen.Length; candidate++)
        {
            int item = chosen[candidate];
            counts[candidate] = _logCounts[item];
            means[candidate] = _means[item];
            deviations[candidate] = _deviations[item];
        }

        TensorPrimitives.Subtract(counts, taste, matrix[first + 3]);

        float sum = TensorPrimitives.Sum(context.Profile.Values);
        matrix[first + 4].Fill(taste);
        matrix[first + 5].Fill(MathF.Log(1 + history.Length));
        matrix[first + 6].Fill((sum + PriorCount * _mean) / (history.Length + PriorCount));
    }
}
