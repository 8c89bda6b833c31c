namespace Palate;

/// <summary>How good one ranking is, given which items are relevant.</summary>
/// <remarks>
/// Two columns describe a ranking. <c>grades</c>: the grade of each ranked item, best rank first; greater than 0 means
/// relevant, 0 not. <c>ideal</c>: the grades of all relevant items, ranked or not, descending. A ranking may be shorter
/// than k: what is missing counts as not relevant, as in trec_eval. Where nothing is relevant a metric has no value and
/// the result is NaN; the evaluator skips such users and counts them. Pure functions, safe on any thread.
/// </remarks>
public static class RankingMetrics
{
    /// <summary>Recall@k = hits in the first k / relevant items; trec_eval <c>recall_k</c>.</summary>
    public static double Recall(ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k) =>
        ideal.IsEmpty ? double.NaN : Hits(grades, k) / (double)ideal.Length;

    /// <summary>Precision@k = hits in the first k / k, also when fewer than k are ranked; trec_eval <c>P_k</c>.</summary>
    public static double Precision(ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k) =>
        ideal.IsEmpty ? double.NaN : Hits(grades, k) / (double)(k == int.MaxValue ? Math.Max(1, grades.Length) : k);

    /// <summary>Hit rate@k = 1 when the first k hold a relevant item, else 0; trec_eval <c>success_k</c>.</summary>
    public static double HitRate(ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k) =>
        ideal.IsEmpty ? double.NaN : Hits(grades, k) > 0 ? 1 : 0;

    /// <summary>
    /// Reciprocal rank@k = 1 / rank of the first relevant item, 0 when the first k hold none; trec_eval
    /// <c>recip_rank</c> when there is no cutoff. Its mean over users is MRR@k.
    /// </summary>
    public static double ReciprocalRank(ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k)
    {
        if (ideal.IsEmpty)
        {
            return double.NaN;
        }

        int first = Cut(grades, k).IndexOfAnyInRange(float.Epsilon, float.MaxValue);
        return first < 0 ? 0 : 1.0 / (first + 1);
    }

    /// <summary>
    /// Average precision@k = sum over ranks i &lt;= k of a relevant item of precision@i, / relevant items; trec_eval
    /// <c>map_cut_k</c>, and <c>map</c> when there is no cutoff. Its mean over users is MAP@k.
    /// </summary>
    /// <param name="grades">The grade of each ranked item.</param>
    /// <param name="ideal">The grades of all relevant items.</param>
    /// <param name="k">The cutoff.</param>
    /// <param name="capped">Divides by min(k, relevant items) instead, so that a perfect first k gives 1.</param>
    public static double AveragePrecision(
        ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k, bool capped = false)
    {
        if (ideal.IsEmpty)
        {
            return double.NaN;
        }

        ReadOnlySpan<float> first = Cut(grades, k);
        int hits = 0;
        double sum = 0;
        for (int index = 0; index < first.Length; index++)
        {
            if (first[index] > 0)
            {
                hits++;
                sum += hits / (double)(index + 1);
            }
        }

        return sum / (capped ? Math.Min(k, ideal.Length) : ideal.Length);
    }

    /// <summary>
    /// NDCG@k = DCG@k / ideal DCG, with DCG@k = sum over ranks i &lt;= k of gain_i / log2(i + 1). Jarvelin and
    /// Kekalainen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002; trec_eval <c>ndcg_cut_k</c> with
    /// linear gains.
    /// </summary>
    /// <param name="grades">The grade of each ranked item.</param>
    /// <param name="ideal">The grades of all relevant items, descending.</param>
    /// <param name="k">The cutoff.</param>
    /// <param name="gain">What a grade is worth.</param>
    /// <param name="full">
    /// Sums the ideal over all relevant items instead of the best min(k, relevant items), as the code of Ferrari
    /// Dacrema et al. (TOIS 2021) does: a perfect first k then stays below 1 for a user with more than k relevant items.
    /// </param>
    public static double Ndcg(
        ReadOnlySpan<float> grades, ReadOnlySpan<float> ideal, int k, Gain gain = Gain.Binary, bool full = false) =>
        ideal.IsEmpty ? double.NaN : Dcg(Cut(grades, k), gain) / Dcg(full ? ideal : Cut(ideal, k), gain);

    /// <summary>
    /// Pairwise accuracy@k = the share of pairs of different grade within the first k whose better item comes first,
    /// (Kendall's tau + 1) / 2 over those pairs. NaN when there is no such pair.
    /// </summary>
    public static double PairwiseAccuracy(ReadOnlySpan<float> grades, int k)
    {
        ReadOnlySpan<float> first = Cut(grades, k);
        return first.IndexOfAnyExcept(0, 1) < 0 ? BinaryPairs(first) : GradedPairs(first);
    }

    /// <summary>DCG = sum over the given places i, 1-based, of gain_i / log2(i + 1).</summary>
    public static double Dcg(ReadOnlySpan<float> grades, Gain gain = Gain.Binary)
    {
        double sum = 0;
        for (int index = 0; index < grades.Length; index++)
        {
            if (grades[index] > 0)
            {
                sum += Worth(grades[index], gain) / Math.Log2(index + 2);
            }
        }

        return sum;
    }

    internal static double Worth(float grade, Gain gain) => gain switch
    {
        Gain.Binary => grade > 0 ? 1 : 0,
        Gain.Linear => grade,
        _ => Math.Pow(2, grade) - 1,
    };

    private static ReadOnlySpan<float> Cut(ReadOnlySpan<float> grades, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return grades[..Math.Min(k, grades.Length)];
    }

    private static int Hits(ReadOnlySpan<float> grades, int k)
    {
        int hits = 0;
        foreach (float grade in Cut(grades, k))
        {
            hits += grade > 0 ? 1 : 0;
        }

        return hits;
    }

    private static double BinaryPairs(ReadOnlySpan<float> grades)
    {
        long relevant = 0;
        long ordered = 0;
        foreach (float grade in grades)
        {
            relevant += grade > 0 ? 1 : 0;
            ordered += grade > 0 ? 0 : relevant;
        }

        long pairs = relevant * (grades.Length - relevant);
        return pairs == 0 ? double.NaN : ordered / (double)pairs;
    }

    private static double GradedPairs(ReadOnlySpan<float> grades)
    {
        long pairs = 0;
        long ordered = 0;
        for (int upper = 0; upper < grades.Length; upper++)
        {
            for (int lower = upper + 1; lower < grades.Length; lower++)
            {
                pairs += grades[upper] != grades[lower] ? 1 : 0;
                ordered += grades[upper] > grades[lower] ? 1 : 0;
            }
        }

        return pairs == 0 ? double.NaN : ordered / (double)pairs;
    }
}
