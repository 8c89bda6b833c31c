namespace Palate;

/// <summary>How often and how well a candidate was received, and how active and how generous the user is.</summary>
internal sealed class CountFeatures : IFeatureFamily
{
    // Means are drawn to the mean of all values as if each item had this many average interactions more.
    private const float PriorCount = 5;

    private readonly float[] _logCounts;
    private readonly float[] _means;
    private readonly float _mean;

    public CountFeatures(InteractionMatrix matrix)
    {
        float[] sums = new float[matrix.Columns];
        float[] counts = new float[matrix.Columns];
        double total = 0;
        for (int cell = 0; cell < matrix.Count; cell++)
        {
            sums[matrix.Indices[cell]] += matrix.Values[cell];
            counts[matrix.Indices[cell]]++;
            total += matrix.Values[cell];
        }

        _mean = matrix.Count == 0 ? 0 : (float)(total / matrix.Count);
        _means = new float[matrix.Columns];
        _logCounts = new float[matrix.Columns];
        for (int item = 0; item < sums.Length; item++)
        {
            _means[item] = (sums[item] + PriorCount * _mean) / (counts[item] + PriorCount);
            _logCounts[item] = MathF.Log(1 + counts[item]);
        }
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("item.count", "log count", "log(1 + n) of the item's n interactions."),
        new("item.mean", "value", "The mean value of the item's interactions, drawn to the mean of all."),
        new("user.count", "log count", "log(1 + n) of the n interactions in the user's history."),
        new("user.mean", "value", "The mean value of the user's history, drawn to the mean of all."),
    ];

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        Span<float> counts = matrix[first];
        Span<float> means = matrix[first + 1];
        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            int item = candidates.Items[candidate];
            counts[candidate] = _logCounts[item];
            means[candidate] = _means[item];
        }

        float sum = 0;
        foreach (float value in context.Profile.Values)
        {
            sum += value;
        }

        int length = context.Profile.Items.Length;
        matrix[first + 2].Fill(MathF.Log(1 + length));
        matrix[first + 3].Fill((sum + PriorCount * _mean) / (length + PriorCount));
    }
}
