using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Logistic regression on standardised features; the score is the log odds.</summary>
/// <remarks>
/// An unknown value counts as the mean of the training rows, and nothing counts more than 20 standard deviations from
/// it. Immutable, therefore safe to use from any thread.
/// </remarks>
public sealed class Linear : IRanker
{
    internal const string FileTag = "linear/1";

    // Keeps one absurd value from deciding a score alone, and every score finite.
    private const float MaxDeviations = 20;
    private const int Lanes = 8;

    private readonly string[] _features;
    private readonly float[] _means;
    private readonly float[] _scales;
    private readonly float[] _weights;
    private readonly float _bias;

    internal Linear(string[] features, float[] means, float[] scales, float[] weights, float bias)
    {
        _features = features;
        _means = means;
        _scales = scales;
        _weights = weights;
        _bias = bias;
    }

    /// <inheritdoc/>
    public string Name => "linear";

    /// <summary>The names of the features that the model was trained on, in their order.</summary>
    public IReadOnlyList<string> FeatureNames => _features;

    /// <summary>What one standard deviation of each feature adds to the log odds.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>Trains a model; labels above 1 are divided by the largest label.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public static Linear Fit(RankingDataset training, LinearOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new LinearTrainer(training, options, stop).Train();
    }

    /// <inheritdoc/>
    public void Score(FeatureMatrix features, Span<float> scores)
    {
        CheckFeatures(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, features.Candidates, nameof(scores));
        scores = scores[..features.Candidates];
        ScoreScalar(features, scores, ScoreVectors(features, scores));
    }

    /// <summary>Eight candidates at a time; returns where they end. Gives the bits of the scalar twin.</summary>
    internal int ScoreVectors(FeatureMatrix features, Span<float> scores)
    {
        int candidate = 0;
        for (; candidate + Lanes <= scores.Length; candidate += Lanes)
        {
            var sum = Vector256.Create(_bias);
            ref float column = ref features.Data.AsSpan(candidate)[0];
            for (int feature = 0; feature < _features.Length; feature++)
            {
                // Linear.Standardise, lane by lane.
                var value = Vector256.LoadUnsafe(ref column, (nuint)(feature * features.Stride));
                Vector256<float> deviations =
                    (value - Vector256.Create(_means[feature])) * Vector256.Create(_scales[feature]);
                deviations = Vector256.MinNative(deviations, Vector256.Create(MaxDeviations));
                deviations = Vector256.MaxNative(deviations, Vector256.Create(-MaxDeviations));
                deviations = Vector256.ConditionalSelect(
                    Vector256.IsFinite(value), deviations, Vector256<float>.Zero);
                sum += Vector256.Create(_weights[feature]) * deviations;
            }

            sum.CopyTo(scores[candidate..]);
        }

        return candidate;
    }

    /// <summary>The twin of the vector path, from a candidate on.</summary>
    internal void ScoreScalar(FeatureMatrix features, Span<float> scores, int from)
    {
        scores[from..].Fill(_bias);
        for (int feature = 0; feature < _features.Length; feature++)
        {
            ReadOnlySpan<float> column = features[feature];
            for (int candidate = from; candidate < column.Length; candidate++)
            {
                scores[candidate] += Contribution(feature, column[candidate]);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>The bias is the log odds of a candidate whose features are all at their means.</remarks>
    public float Explain(FeatureMatrix features, int candidate, Span<float> contributions)
    {
        CheckFeatures(features);
        ArgumentOutOfRangeException.ThrowIfNegative(candidate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(candidate, features.Candidates);
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, _features.Length);
        for (int feature = 0; feature < _features.Length; feature++)
        {
            contributions[feature] = Contribution(feature, features[feature][candidate]);
        }

        return _bias;
    }

    /// <summary>Writes the model.</summary>
    public void Save(BinaryWriter writer) => RankerFile.WriteFrame(writer, FileTag, body =>
    {
        body.Write(_features.Length);
        foreach (string feature in _features)
        {
            body.Write(feature);
        }

        body.WriteArray<float>(_means);
        body.WriteArray<float>(_scales);
        body.WriteArray<float>(_weights);
        body.Write(_bias);
    });

    /// <summary>Reads a model that <see cref="Save"/> wrote; it gives the same scores, bit by bit.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static Linear Load(BinaryReader reader) => RankerFile.ReadFrame(reader, FileTag, body =>
    {
        string[] features = RankerFile.ReadNames(body);
        float[] means = body.ReadArray<float>();
        float[] scales = body.ReadArray<float>();
        float[] weights = body.ReadArray<float>();
        float bias = body.ReadSingle();
        if (means.Length != features.Length || scales.Length != features.Length || weights.Length != features.Length
            || !means.Concat(scales).Concat(weights).Append(bias).All(float.IsFinite))
        {
            throw new InvalidDataException("A linear model is damaged: its parts do not fit together.");
        }

        return new Linear(features, means, scales, weights, bias);
    });

    internal static float Standardise(float value, float mean, float scale) =>
        float.IsFinite(value) ? Math.Clamp((value - mean) * scale, -MaxDeviations, MaxDeviations) : 0;

    private float Contribution(int feature, float value) =>
        _weights[feature] * Standardise(value, _means[feature], _scales[feature]);

    private void CheckFeatures(FeatureMatrix features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Features != _features.Length)
        {
            throw new ArgumentException(
                $"The request has {features.Features} features and the model was trained on {_features.Length}; "
                + "build features with the definitions that the model was trained with.",
                nameof(features));
        }
    }
}
