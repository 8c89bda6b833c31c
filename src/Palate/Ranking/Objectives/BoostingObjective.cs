namespace Palate;

/// <summary>What boosting minimises: gives every row's gradient and second derivative at the scores so far.</summary>
internal abstract class BoostingObjective
{
    /// <summary>The score that all rows start from.</summary>
    public abstract float Bias { get; }

    /// <summary>Writes gradient and second derivative of each row, side by side.</summary>
    public abstract void Write(float[] scores, float[] pairs);

    /// <summary>The objective of a name.</summary>
    public static BoostingObjective Of(
        RankingObjective objective, RankingDataset data, LambdaRankOptions lambdaRank, ParallelOptions parallel) =>
        objective switch
        {
            RankingObjective.LambdaRank => new LambdaRankObjective(data, lambdaRank, parallel),
            RankingObjective.Logistic => new LogisticObjective(data, parallel),
            _ => throw new ArgumentOutOfRangeException(
                nameof(objective), objective, "Objective must be LambdaRank or Logistic."),
        };
}
