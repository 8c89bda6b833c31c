namespace Palate;

/// <summary>How the base ranker learns.</summary>
public sealed record RankingOptions
{
    /// <summary>Which ranker: <c>lambdamart</c>, <c>linear</c>, <c>average</c> of both, or <c>none</c>.</summary>
    /// <value>The default is lambdamart.</value>
    public RankerKind Ranker { get; init; } = RankerKind.LambdaMart;

    /// <summary>How often the training data are split into what the sources see and what becomes labels.</summary>
    /// <value>The default is 3. 1 to 20. Training time grows with it.</value>
    public int HoldOuts { get; init; } = 3;

    /// <summary>How many interactions of a user become labels in one hold-out; at most a third of the history.</summary>
    /// <value>The default is 10. 1 to 1000.</value>
    public int LabelsPerUser { get; init; } = 10;

    /// <summary>Which interactions become labels.</summary>
    /// <value>The default is random.</value>
    public HoldOutKind HoldOut { get; init; } = HoldOutKind.Random;

    /// <summary>How many users, at most, the ranker learns from in one hold-out.</summary>
    /// <value>The default is 20,000. At least 1.</value>
    public int MaxUsers { get; init; } = 20_000;

    /// <summary>How the trees grow.</summary>
    public LambdaMartOptions LambdaMart { get; init; } = new();

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

        if (MaxUsers < 1)
        {
            throw new ArgumentException($"ranking.max_users is {MaxUsers}; give at least 1.");
        }
    }
}
