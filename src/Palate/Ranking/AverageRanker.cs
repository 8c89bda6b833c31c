using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>The weighted mean of what several rankers say, each brought to mean 0 and deviation 1 within the
/// request.</summary>
/// <remarks>
/// Scores of a request compare only with each other. A ranker that gives all candidates one score has no say; with one
/// candidate the score is 0. Immutable, therefore safe to use from any thread.
/// </remarks>
public sealed class AverageRanker : IRanker
{
    internal const string FileTag = "average/1";
    private const int MaxRankers = 64;
    private readonly IRanker[] _rankers;
    private readonly float[] _weights;

    /// <summary>The mean of the given rankers.</summary>
    /// <param name="rankers">At least one ranker, all for the same features.</param>
    /// <param name="weights">One weight per ranker, at least 0, not all 0; null weighs all the same.</param>
    /// <exception cref="ArgumentException">There is no ranker, or the weights do not fit.</exception>
    public AverageRanker(IReadOnlyList<IRanker> rankers, IReadOnlyList<float>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(rankers);
        if (rankers.Count is 0 or > MaxRankers)
        {
            throw new ArgumentException($"There are {rankers.Count} rankers; give 1 to {MaxRankers}.", nameof(rankers));
        }

        weights ??= [.. Enumerable.Repeat(1f, rankers.Count)];
        float sum = weights.Sum();
        bool fits = weights.Count == rankers.Count && weights.All(weight => weight >= 0);
        if (!fits || !(sum > 0 && float.IsFinite(sum)))
        {
            throw new ArgumentException(
                $"The weights are [{string.Join(", ", weights)}] for {rankers.Count} rankers; give one per ranker, "
                + "at least 0, and not all 0.",
                nameof(weights));
        }

        _rankers = [.. rankers];
        _weights = [.. weights.Select(weight => weight / sum)];
    }

    /// <inheritdoc/>
    public string Name => "average";

    /// <summary>What is averaged.</summary>
    public IReadOnlyList<IRanker> Rankers => _rankers;

    /// <summary>Each ranker's share; they add up to 1.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <inheritdoc/>
    public void Score(FeatureMatrix features, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, features.Candidates, nameof(scores));
        scores = scores[..features.Candidates];
        scores.Clear();
        float[] rented = ArrayPool<float>.Shared.Rent(features.Candidates);
        Span<float> own = rented.AsSpan(0, features.Candidates);
        for (int ranker = 0; ranker < _rankers.Length; ranker++)
        {
            (_, float scale) = Standard(ranker, features, own);
            TensorPrimitives.MultiplyAdd(own, scale, scores, scores);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public float Explain(FeatureMatrix features, int candidate, Span<float> contributions)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, features.Features);
        contributions.Clear();
        float[] own = new float[features.Candidates];
        float[] parts = new float[contributions.Length];
        double bias = 0;
        for (int ranker = 0; ranker < _rankers.Length; ranker++)
        {
            (float mean, float scale) = Standard(ranker, features, own);
            bias += (_rankers[ranker].Explain(features, candidate, parts) - mean) * scale;
            for (int feature = 0; feature < parts.Length; feature++)
            {
                contributions[feature] += parts[feature] * scale;
            }
        }

        return (float)bias;
    }

    /// <summary>Writes the rankers, each as <see cref="RankerFile"/> does, and their weights.</summary>
    public void Save(BinaryWriter writer) => RankerFile.WriteFrame(writer, FileTag, body =>
    {
        body.WriteArray<float>(_weights);
        foreach (IRanker ranker in _rankers)
        {
            RankerFile.Save(ranker, body);
        }
    });

    /// <summary>Reads rankers that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static AverageRanker Load(BinaryReader reader) => RankerFile.ReadFrame(reader, FileTag, body =>
    {
        float[] weights = body.ReadArray<float>();
        var rankers = new List<IRanker>();
        for (int ranker = 0; ranker < weights.Length; ranker++)
        {
            rankers.Add(RankerFile.Load(body));
        }

        return new AverageRanker(rankers, weights);
    });

    // The mean of a ranker's scores, and its weight over their deviation, 0 when they hardly differ; what each score differs
    // from the mean is written.
    private (float Mean, float Scale) Standard(int ranker, FeatureMatrix features, Span<float> differences)
    {
        if (differences.Length == 0)
        {
            return (0, 0);
        }

        _rankers[ranker].Score(features, differences);
        float mean = TensorPrimitives.Sum<float>(differences) / differences.Length;
        TensorPrimitives.Subtract(differences, mean, differences);
        float deviation = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(differences) / differences.Length);
        return (mean, deviation > 1e-12f + 1e-6f * MathF.Abs(mean) ? _weights[ranker] / deviation : 0);
    }
}
