namespace Palate;

/// <summary>Gradient-boosted regression trees that rank: LambdaMART, or boosted logistic regression.</summary>
/// <remarks>
/// Burges 2010, "From RankNet to LambdaRank to LambdaMART"; trees on histograms as in Ke et al. 2017 (LightGBM) and
/// oblivious trees as in Prokhorenkova et al. 2018 (CatBoost). Immutable, therefore safe to use from any thread.
/// An unknown value (NaN) goes the way that was better for unknown values in training, or, where there were none, the
/// way of the majority.
/// </remarks>
public sealed partial class LambdaMart : IRanker
{
    private readonly string[] _features;
    private readonly double[] _gains;
    private readonly int[] _splits;
    private readonly SortedDictionary<string, string> _parameters;
    private readonly TreeEnsemble _ensemble;

    internal LambdaMart(
        string[] features,
        float bias,
        RegressionTree[] trees,
        double[] gains,
        int[] splits,
        SortedDictionary<string, string> parameters,
        double validationNdcg)
    {
        _features = features;
        _gains = gains;
        _splits = splits;
        _parameters = parameters;
        _ensemble = new TreeEnsemble(bias, trees);
        ValidationNdcg = validationNdcg;
    }

    /// <inheritdoc/>
    public string Name => "lambdamart";

    /// <summary>The names of the features that the model was trained on, in their order.</summary>
    public IReadOnlyList<string> FeatureNames => _features;

    /// <summary>What the model was trained with, by option name.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    /// <summary>How many trees the model has.</summary>
    public int Trees => _ensemble.Trees.Length;

    /// <summary>The best NDCG that the validation set saw in training; NaN when there was none.</summary>
    public double ValidationNdcg { get; }

    /// <summary>How much each feature is used, largest gain first, then in feature order.</summary>
    public IReadOnlyList<FeatureImportance> Importance =>
        [.. _features
            .Select((name, feature) => new FeatureImportance(name, _gains[feature], _splits[feature]))
            .OrderByDescending(importance => importance.Gain)];

    internal TreeEnsemble Ensemble => _ensemble;

    /// <summary>Trains a model.</summary>
    /// <param name="training">What to learn from.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="validation">What decides when to stop; null trains all trees.</param>
    /// <param name="stop">Cancels the training.</param>
    /// <exception cref="ArgumentException">An option is out of its limits, or the validation set has other features.
    /// </exception>
    public static LambdaMart Fit(
        RankingDataset training,
        LambdaMartOptions options,
        RankingDataset? validation = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (validation is not null && !validation.FeatureNames.SequenceEqual(training.FeatureNames))
        {
            throw new ArgumentException(
                "The validation set must have the features of the training set, in the same order.",
                nameof(validation));
        }

        return new LambdaMartTrainer(training, validation, options, stop).Train();
    }

    /// <inheritdoc/>
    public void Score(FeatureMatrix features, Span<float> scores)
    {
        CheckFeatures(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, features.Candidates, nameof(scores));
        _ensemble.Score(features, scores[..features.Candidates]);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Shapley values of the trees' path-dependent expectations (Lundberg et al. 2020, "From local explanations to
    /// global understanding with explainable AI for trees"). The bias is the mean score of the training rows.
    /// </remarks>
    public float Explain(FeatureMatrix features, int candidate, Span<float> contributions)
    {
        CheckFeatures(features);
        ArgumentOutOfRangeException.ThrowIfNegative(candidate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(candidate, features.Candidates);
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, _features.Length);
        return _ensemble.Explain(features, candidate, contributions);
    }

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
