using System.Globalization;

namespace Palate;

/// <summary>Calibration: the list shows each topic as often as the user's history does.</summary>
/// <remarks>
/// Steck, "Calibrated recommendations", RecSys 2018: greedily argmax (1 - w) sum of rel(i) - w KL(p || q~), p the
/// user's taste, q the mean of the items' topics (each item's topics share its vote), q~ = (1 - a) q + a p with a =
/// 0.01, so that a topic that is missing costs much but not everything. One step costs as many logarithms as the
/// candidates have topics. Without a taste the order stays.
/// </remarks>
public sealed class Calibration : Shaper
{
    private readonly double _smoothing;

    /// <summary>A calibration.</summary>
    /// <param name="smoothing">The share a of the taste that is mixed into the list's, above 0 and below 1.</param>
    public Calibration(double smoothing = 0.01)
    {
        if (!(smoothing is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(smoothing), smoothing, "The smoothing must be above 0 and below 1, for example 0.01.");
        }

        _smoothing = smoothing;
    }

    /// <inheritdoc/>
    public override string Name => "calibration";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Taste;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list is not { Topics: { } topics, Taste: { } taste } || topics[order[rank]].IsEmpty)
        {
            return "is measured against no taste.";
        }

        double[] shown = new double[topics.TopicCount];
        foreach (int before in order[..rank])
        {
            Add(topics[before], shown);
        }

        var words = new List<string>();
        foreach (int topic in topics[order[rank]])
        {
            double soFar = 100 * shown[topic] / Math.Max(1, rank);
            words.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{topics.NameOf(topic)} ({100 * taste[topic]:0} % of the history, {soFar:0} % so far)"));
        }

        return $"is of {string.Join(", ", words)}.";
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list is not { Topics: { TopicCount: > 0 } topics, Taste: { } taste } || !taste.AsSpan().ContainsAnyExcept(0f))
        {
            return 0;
        }

        double[] shown = new double[taste.Length];
        double[] terms = new double[taste.Length];
        double[] gains = new double[list.Count];
        bool[] taken = new bool[list.Count];
        for (int next = 0; next < head.Length; next++)
        {
            // KL = sum p log p - sum p log q~: only the second sum depends on the choice, in the item's topics.
            double all = 0;
            for (int topic = 0; topic < terms.Length; topic++)
            {
                terms[topic] = Term(taste[topic], shown[topic], next + 1);
                all += terms[topic];
            }

            for (int place = 0; place < gains.Length; place++)
            {
                double sum = all;
                ReadOnlySpan<int> own = topics[place];
                if (!taken[place])
                {
                    foreach (int topic in own)
                    {
                        sum += Term(taste[topic], shown[topic] + 1.0 / own.Length, next + 1) - terms[topic];
                    }
                }

                gains[place] = (1 - weight) * list.Relevance[place] + weight * sum;
            }

            int best = Best(gains, taken);
            head[next] = best;
            taken[best] = true;
            Add(topics[best], shown);
        }

        return head.Length;
    }

    private double Term(double share, double shown, int items) =>
        share > 0 ? share * Math.Log((1 - _smoothing) * shown / items + _smoothing * share) : 0;

    private static void Add(ReadOnlySpan<int> own, double[] shown)
    {
        foreach (int topic in own)
        {
            shown[topic] += 1.0 / own.Length;
        }
    }
}
