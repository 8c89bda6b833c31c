namespace Palate;

/// <summary>How the base ranker learns.</summary>
public sealed record RankingOptions
{
    /// <summary>Which ranker: <c>lambdamart</c>, <c>linear</c>, <c>average</c> of both, or <c>none</c>.</summary>
    /// <value>The default is average: on carve-outs of the training data it was the best of the three.</value>
    public RankerKind Ranker { get; init; } = RankerKind.Average;

    /// <summary>How often the training data are split into what the sources see and what becomes labels.</summary>
    /// <value>The default is 5. 1 to 20. Training time grows with it.</value>
    public int HoldOuts { get; init; } = 5;

    /// <summary>How many interactions of a user become labels in one hold-out, at most: see <see cref="LabelShare"/>.</summary>
    /// <value>The default is 10. 1 to 1000.</value>
    public int LabelsPerUser { get; init; } = 10;

    /// <summary>The share of a user's history that becomes labels in one hold-out, at most.</summary>
    /// <value>
    /// The default is a third. Above 0, at most 0.5. Where what is to be predicted is a known share of the histories, the same
    /// share here, with many <see cref="LabelsPerUser"/>, makes the hold-outs alike.
    /// </value>
    public float LabelShare { get; init; } = 1 / 3f;

    /// <summary>Which interactions become labels.</summary>
    /// <value>The default is random.</value>
    public HoldOutKind HoldOut { get; init; } = HoldOutKind.Random;

    /// <summary>How many users, at most, the ranker learns from in one hold-out.</summary>
    /// <value>The default is 20,000. At least 1.</value>
    public int MaxUsers { get; init; } = 20_000;

    /// <summary>How the trees grow.</summary>
    /// <value>
    /// The default is 300 oblivious trees of depth 4 with the logistic objective, each on half of the features: chosen on
    /// carve-outs of the training data of MovieLens 100K, see eval/.
    /// </value>
    public LambdaMartOptions LambdaMart { get; init; } = new()
    {
        Objective = RankingObjective.Logistic,
        Trees = 300,
        LearningRate = 0.05f,
        Tree = new TreeOptions { MaxDepth = 4, FeatureShare = 0.5f },
    };

    /// <summary>The say of the linear ranker in the average, against 1 of the trees.</summary>
    /// <value>The default is 0.5. 0 or more.</value>
    public float LinearWeight { get; init; } = 0.5f;

    /// <summary>How the linear ranker is fitted.</summary>
    public LinearOptions Linear { get; init; } = new();

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (HoldOuts is < 1 or > 20)
        {
            throw new ArgumentException($"ranking.hold_outs is {HoldOuts}; give 1 to 20.");
        }

        if (LabelsPerUser is < 1 or > 1000)
        {
            throw new ArgumentException($"ranking.labels_per_user is {LabelsPerUser}; give 1 to 1000.");
        }

        if (!(LabelShare > 0 && LabelShare <= 0.5f))
        {
            throw new ArgumentException($"ranking.label_share is {LabelShare}; give more than 0, at most 0.5.");
        }

        if (!(LinearWeight >= 0) || !float.IsFinite(LinearWeight))
        {
            throw new ArgumentException($"ranking.linear_weight is {LinearWeight}; give a number that is not negative.");
        }

        if (MaxUsers < 1)
        {
            throw new ArgumentException($"ranking.max_users is {MaxUsers}; give at least 1.");
        }
    }
}
