namespace Palate;

/// <summary>Trains the ranker that the options name.</summary>
internal static class RankerTrainer
{
    public static IRanker Train(RankingDataset examples, RankingOptions options, CancellationToken stop) =>
        options.Ranker switch
        {
            RankerKind.LambdaMart => LambdaMart.Fit(examples, options.LambdaMart, null, stop),
            RankerKind.Linear => Linear.Fit(examples, options.Linear, stop),
            RankerKind.Average => new AverageRanker(
                [
                    LambdaMart.Fit(examples, options.LambdaMart, null, stop),
                    Linear.Fit(examples, options.Linear, stop),
                ],
                [1, options.LinearWeight]),
            _ => throw new ArgumentException($"There is no ranker to train for {options.Ranker}.", nameof(options)),
        };
}
