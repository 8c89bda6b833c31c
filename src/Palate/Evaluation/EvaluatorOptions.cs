namespace Palate;

/// <summary>What an <see cref="Evaluator"/> measures.</summary>
public sealed class EvaluatorOptions
{
    /// <summary>The title of the report.</summary>
    public string Title { get; init; } = "Evaluation";

    /// <summary>The generation whose models are evaluated, for the report; null when there is none.</summary>
    public string? Generation { get; init; }

    /// <summary>The metrics by name, in the order of the report; see <see cref="Metric.Parse"/>.</summary>
    /// <value>The default are recall and NDCG at 5, 10 and 100, and what lists of 10 are like.</value>
    public IReadOnlyList<string> Metrics { get; init; } =
    [
        "recall@5", "ndcg@5", "recall@10", "ndcg@10", "recall@100", "ndcg@100", "precision@10", "map@10", "mrr@10",
        "hr@10", "coverage@10", "gini@10", "novelty@10", "popularity@10", "tail@10",
    ];

    /// <summary>How many ranks each stage is asked for; the greatest cutoff when that is more.</summary>
    /// <value>The default is 100. At least 1. The oracle of a stage re-orders this many candidates.</value>
    public int Depth { get; init; } = 100;

    /// <summary>The least held-out value that counts as relevant; values of 0 and below never do.</summary>
    /// <value>The default is 0: everything held out is relevant. A rating of 4 is another usual choice.</value>
    public float RelevantFrom { get; init; }

    /// <summary>How alike two items are, for the diversity metrics; null when none is asked for.</summary>
    public Func<int, int, float>? Similarity { get; init; }

    /// <summary>
    /// The attribute whose values are the topics of alpha-NDCG, topic entropy and calibration; null when none is asked for.
    /// </summary>
    public AttributeColumn? Topics { get; init; }

    /// <summary>
    /// For each item the group that it belongs to, 0 or 1, or -1 for neither, for the mean absolute deviation and the
    /// exposure ratio; null when neither is asked for.
    /// </summary>
    public IReadOnlyList<int>? Groups { get; init; }

    /// <summary>How many bootstrap samples of the users the intervals rest on.</summary>
    /// <value>The default is 2,000. At least 100.</value>
    public int Resamples { get; init; } = 2_000;

    /// <summary>The seed of the bootstrap.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many threads rank users at once. Results do not depend on it.</summary>
    /// <value>The default is the number of processors. At least 1.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Checks the options and reads the metrics.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="FormatException">A metric's name is not known.</exception>
    internal Metric[] Validate(int items)
    {
        Metric[] metrics = [.. Metrics.Select(Metric.Parse).Distinct()];
        if (metrics.Length == 0)
        {
            throw new ArgumentException("No metric is named; name at least one, for example ndcg@10.");
        }

        if (Depth < 1)
        {
            throw new ArgumentException($"The depth is {Depth}; it must be at least 1.");
        }

        if (Resamples < 100)
        {
            throw new ArgumentException($"The number of resamples is {Resamples}; it must be at least 100.");
        }

        if (Threads < 1)
        {
            throw new ArgumentException($"The number of threads is {Threads}; it must be at least 1.");
        }

        if (float.IsNaN(RelevantFrom))
        {
            throw new ArgumentException("The least relevant value is not a number; use 0 to make everything relevant.");
        }

        if (Similarity is null && metrics.Any(metric => metric.Kind == MetricKind.Diversity))
        {
            throw new ArgumentException(
                "A diversity metric is named but no similarity is given; set one, for example "
                + "ItemSimilarity.OfAttribute(catalog.Attribute(\"genre\")).");
        }

        if ((Topics is not null && Topics.Count != items) || (Groups is not null && Groups.Count != items))
        {
            throw new ArgumentException($"The topics or groups are not those of the split's {items} items.");
        }

        if (Topics is null && metrics.Any(metric =>
            metric.Kind is MetricKind.AlphaNdcg or MetricKind.TopicEntropy or MetricKind.Calibration))
        {
            throw new ArgumentException(
                "alpha_ndcg, topic_entropy or calibration is named but no topics are given; set them, for example to catalog.Attribute(\"genre\").");
        }

        if (Groups is null && metrics.Any(metric =>
            metric.Kind is MetricKind.GroupGap or MetricKind.GroupGapPerUser or MetricKind.ExposureRatio))
        {
            throw new ArgumentException("mad or exposure_ratio is named but no groups are given; set 0, 1 or -1 for each item.");
        }

        return metrics;
    }
}
