namespace Palate;

/// <summary>Trains the ranker that the options name.</summary>
internal static class RankerTrainer
{
    public static IRanker Train(RankingDataset examples, RankingOptions options, CancellationToken stop) =>
        options.Ranker switch
        {
            RankerKind.LambdaMart => LambdaMart.Fit(examples, options.LambdaMart, null, stop),
            _ => throw new ArgumentException($"There is no ranker to train for {options.Ranker}.", nameof(options)),
        };
}
