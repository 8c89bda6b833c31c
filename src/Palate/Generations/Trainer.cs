using System.Text.Json;

namespace Palate;

/// <summary>Makes a generation out of data.</summary>
public static class Trainer
{
    /// <summary>Fits the sources, cross-fits the ranker, and ties them into a generation that is not yet published.</summary>
    /// <param name="data">What to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock, for the manifest.</param>
    /// <param name="progress">Is told how far the training is; may be null.</param>
    /// <param name="stop">Ends the training with an exception; nothing is left behind.</param>
    /// <exception cref="ArgumentException">The data are empty or an option is out of its limits.</exception>
    public static Generation Train(
        TrainingData data,
        TrainingOptions options,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Retrieval.Validate();
        options.Ranking.Validate();
        if (data.Matrix.Count == 0)
        {
            throw new ArgumentException(
                $"There is nothing to learn from: {data.Catalog.Count} items, {data.Users.Count} users and no " +
                "interaction. Import interactions first.");
        }

        void Report(double done, string step) => progress?.Report(new TrainingProgress(done, step));

        Report(0, "texts");
        TextModels? texts = options.UseTexts ? TextModels.Fit(data.Catalog, options.Sources, options.Seed, stop) : null;

        IRanker? ranker = null;
        var metrics = new Dictionary<string, double>();
        if (options.Ranking.Ranker != RankerKind.None)
        {
            RankingDataset? examples = CrossFit.Examples(
                data, options, texts, (done, step) => Report(0.05 + 0.55 * done, step), stop);
            Report(0.6, "ranker");
            if (examples is not null)
            {
                ranker = RankerTrainer.Train(examples, options.Ranking, stop);
                metrics.Add("ranker.rows", examples.Rows);
                metrics.Add("ranker.groups", examples.Groups);
            }
        }

        Report(0.85, "sources");
        SourceSet sources = SourceSet.Fit(data, options, texts, stop);
        var features = FeatureBuilder.Fit(data, sources.Personal, sources.Texts);
        Report(1, "done");
        var manifest = new GenerationManifest
        {
            Name = "unpublished",
            CreatedAt = time.GetUtcNow(),
            DataHash = data.Hash,
            Counts = new GenerationCounts(data.Catalog.Count, data.Users.Count, data.Matrix.Count),
            Parameters = JsonSerializer.SerializeToElement(options, GenerationJson.Options),
            Metrics = metrics,
        };
        return new Generation(manifest, data, options, sources, features, ranker);
    }
}
