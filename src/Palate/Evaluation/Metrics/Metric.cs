using System.Globalization;

namespace Palate;

/// <summary>A metric with its cutoff, as its name says: <c>ndcg@10</c>.</summary>
/// <param name="Kind">What is measured.</param>
/// <param name="Cutoff">How many of the first ranks count; <see cref="int.MaxValue"/> without a cutoff.</param>
/// <param name="Gain">What a grade is worth; only for the NDCG metrics.</param>
public sealed record Metric(MetricKind Kind, int Cutoff, Gain Gain = Gain.Binary)
{
    private static readonly (string Word, MetricKind Kind, Gain Gain)[] Words =
    [
        ("recall", MetricKind.Recall, Gain.Binary),
        ("precision", MetricKind.Precision, Gain.Binary),
        ("hr", MetricKind.HitRate, Gain.Binary),
        ("mrr", MetricKind.ReciprocalRank, Gain.Binary),
        ("map", MetricKind.AveragePrecision, Gain.Binary),
        ("map_capped", MetricKind.AveragePrecisionCapped, Gain.Binary),
        ("ndcg", MetricKind.Ndcg, Gain.Binary),
        ("ndcg_linear", MetricKind.Ndcg, Gain.Linear),
        ("ndcg_exp", MetricKind.Ndcg, Gain.Exponential),
        ("ndcg_full", MetricKind.NdcgFull, Gain.Binary),
        ("ndcg_linear_full", MetricKind.NdcgFull, Gain.Linear),
        ("ndcg_exp_full", MetricKind.NdcgFull, Gain.Exponential),
        ("pairwise", MetricKind.PairwiseAccuracy, Gain.Binary),
        ("alpha_ndcg", MetricKind.AlphaNdcg, Gain.Binary),
        ("mad", MetricKind.GroupGap, Gain.Binary),
        ("mad_user", MetricKind.GroupGapPerUser, Gain.Binary),
        ("coverage", MetricKind.Coverage, Gain.Binary),
        ("gini", MetricKind.Gini, Gain.Binary),
        ("novelty", MetricKind.Novelty, Gain.Binary),
        ("popularity", MetricKind.Popularity, Gain.Binary),
        ("tail", MetricKind.Tail, Gain.Binary),
        ("diversity", MetricKind.Diversity, Gain.Binary),
        ("entropy", MetricKind.Entropy, Gain.Binary),
        ("topic_entropy", MetricKind.TopicEntropy, Gain.Binary),
        ("calibration", MetricKind.Calibration, Gain.Binary),
        ("exposure_ratio", MetricKind.ExposureRatio, Gain.Binary),
    ];

    // The names by which others know the same thing; those with an underscore at the end take trec_eval's cutoff.
    private static readonly (string Alias, string Word)[] Aliases =
    [
        ("p", "precision"), ("hit", "hr"), ("hit_rate", "hr"), ("success", "hr"), ("recip_rank", "mrr"),
        ("ild", "diversity"), ("ndcg_cut_", "ndcg_linear"), ("recall_", "recall"), ("p_", "precision"),
        ("success_", "hr"), ("map_cut_", "map"),
    ];

    /// <summary>The word of each metric, for help texts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Words.Select(word => word.Word)];

    /// <summary>The canonical name: the word, and <c>@</c> with the cutoff when there is one.</summary>
    public string Name
    {
        get
        {
            bool gains = Kind is MetricKind.Ndcg or MetricKind.NdcgFull;
            string word = Words.First(known => known.Kind == Kind && (known.Gain == Gain || !gains)).Word;
            return Cutoff == int.MaxValue ? word : string.Create(CultureInfo.InvariantCulture, $"{word}@{Cutoff}");
        }
    }

    /// <summary>Whether grades are all that the metric looks at; the others look at the items themselves.</summary>
    public bool IsAccuracy => Kind <= MetricKind.PairwiseAccuracy;

    /// <summary>Whether the metric belongs to all lists together and has no value for one user.</summary>
    public bool IsAggregate => Kind is MetricKind.Coverage or MetricKind.Gini or MetricKind.GroupGap
        or MetricKind.Entropy or MetricKind.ExposureRatio;

    /// <summary>Whether a smaller value is the better one.</summary>
    public bool LowerIsBetter => Kind is MetricKind.Gini or MetricKind.Popularity or MetricKind.GroupGap
        or MetricKind.GroupGapPerUser or MetricKind.Calibration;

    /// <summary>Reads a name such as <c>ndcg@10</c>, <c>recall@100</c>, <c>mrr</c> or trec_eval's <c>ndcg_cut_10</c>.</summary>
    /// <exception cref="FormatException">The name is not a metric.</exception>
    public static Metric Parse(string name) =>
        TryParse(name, out Metric? metric)
            ? metric!
            : throw new FormatException(
                $"'{name}' is not a metric. Write a word, or a word and a cutoff from 1 as in ndcg@10; the words are "
                + $"{string.Join(", ", Names)}.");

    /// <summary>Reads a name, and says whether it is a metric.</summary>
    public static bool TryParse(string? name, out Metric? metric)
    {
        metric = null;
        if (string.IsNullOrWhiteSpace(name))
        {
            return false;
        }

        string word = name.Trim().ToLowerInvariant();
        int at = word.IndexOf('@', StringComparison.Ordinal);
        string? digits = at < 0 ? null : word[(at + 1)..];
        word = at < 0 ? word : word[..at];
        if (at < 0 && char.IsAsciiDigit(word[^1]))
        {
            // trec_eval: the cutoff follows the last underscore.
            int split = word.LastIndexOf('_') + 1;
            digits = word[split..];
            word = word[..split];
        }

        word = Aliases.FirstOrDefault(alias => alias.Alias == word, (Alias: word, Word: word)).Word;
        int cutoff = int.MaxValue;
        if (digits is not null
            && (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out cutoff) || cutoff < 1))
        {
            return false;
        }

        foreach ((string known, MetricKind kind, Gain gain) in Words)
        {
            if (known == word)
            {
                metric = new Metric(kind, cutoff, gain);
                return true;
            }
        }

        return false;
    }

    /// <summary>The value for one ranking; only for metrics that are <see cref="IsAccuracy"/>.</summary>
    /// <param name="grades">The grade of each ranked item, best rank first; 0 when it is not relevant.</param>
    /// <param name="ideal">The grades of all relevant items, descending.</param>
    /// <returns>NaN when the metric has no value, because nothing is relevant.</returns>
    public double Evaluate(ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal) => Kind switch
    {
        MetricKind.Recall => RankingMetrics.Recall(grades, ideal, Cutoff),
        MetricKind.Precision => RankingMetrics.Precision(grades, ideal, Cutoff),
        MetricKind.HitRate => RankingMetrics.HitRate(grades, ideal, Cutoff),
        MetricKind.ReciprocalRank => RankingMetrics.ReciprocalRank(grades, ideal, Cutoff),
        MetricKind.AveragePrecision => RankingMetrics.AveragePrecision(grades, ideal, Cutoff),
        MetricKind.AveragePrecisionCapped => RankingMetrics.AveragePrecision(grades, ideal, Cutoff, capped: true),
        MetricKind.Ndcg => RankingMetrics.Ndcg(grades, ideal, Cutoff, Gain),
        MetricKind.NdcgFull => RankingMetrics.Ndcg(grades, ideal, Cutoff, Gain, full: true),
        MetricKind.PairwiseAccuracy => RankingMetrics.PairwiseAccuracy(grades, Cutoff),
        _ => throw new InvalidOperationException($"{Name} looks at the items, not at their grades."),
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
