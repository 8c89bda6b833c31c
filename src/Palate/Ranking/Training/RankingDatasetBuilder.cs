using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Collects requests, one after another, into a <see cref="RankingDataset"/>.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RankingDatasetBuilder
{
    private readonly string[] _names;
    private readonly List<float>[] _columns;
    private readonly List<float> _labels = [];
    private readonly List<float> _weights = [];
    private readonly List<int> _offsets = [0];
    private bool _weighted;

    /// <summary>An empty data set with the given features.</summary>
    public RankingDatasetBuilder(IReadOnlyList<string> featureNames)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        _names = [.. featureNames];
        _columns = [.. _names.Select(_ => new List<float>())];
    }

    /// <summary>How many rows were added so far.</summary>
    public int Rows => _labels.Count;

    /// <summary>Adds one group; a request without candidates adds nothing.</summary>
    /// <param name="features">The candidates' features.</param>
    /// <param name="labels">One gain per candidate.</param>
    /// <param name="weight">What each row of the group weighs; at least 0.</param>
    public void Add(FeatureMatrix features, ReadOnlySpan<float> labels, float weight = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Features, _names.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, features.Candidates);
        if (labels.IsEmpty)
        {
            return;
        }

        for (int feature = 0; feature < _columns.Length; feature++)
        {
            _columns[feature].AddRange(features[feature]);
        }

        _labels.AddRange(labels);
        for (int candidate = 0; candidate < labels.Length; candidate++)
        {
            _weights.Add(weight);
        }

        _weighted |= weight != 1;
        _offsets.Add(_labels.Count);
    }

    /// <summary>The data set of everything added so far.</summary>
    /// <exception cref="ArgumentException">Nothing was added, or a label or weight cannot be learned from.</exception>
    public RankingDataset Build()
    {
        float[] values = new float[_names.Length * Rows];
        for (int feature = 0; feature < _columns.Length; feature++)
        {
            CollectionsMarshal.AsSpan(_columns[feature]).CopyTo(values.AsSpan(feature * Rows));
        }

        return new RankingDataset(
            _names, values, [.. _labels], [.. _offsets], _weighted ? [.. _weights] : null);
    }
}
