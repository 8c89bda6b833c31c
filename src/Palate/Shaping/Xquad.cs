using System.Globalization;

namespace Palate;

/// <summary>
/// Explicit query aspect diversification: each place goes to what is relevant and serves an unserved interest.
/// </summary>
/// <remarks>
/// argmax (1 - w) rel(i) + w sum over topics c of P(c|u) P(i|c) prod over j in S of (1 - P(j|c)); Santos, Macdonald and
/// Ounis, "Exploiting query reformulations for web search result diversification", WWW 2010. P(c|u) is the user's
/// taste, or alike for all topics; P(i|c) is the coverage where the item has the topic. The sum is scaled so that the
/// best candidate's is 1 on an empty list, or it would vanish beside relevance when there are many topics.
/// </remarks>
public sealed class Xquad : Shaper
{
    private readonly double _coverage;
    private readonly bool _usesTaste;

    /// <summary>A diversification.</summary>
    /// <param name="coverage">
    /// How probably one item of a topic serves an interest in it, above 0 to 1. At 0.5, with no taste, the sum is the
    /// gain of alpha-NDCG with alpha 0.5; at 1 a topic counts once.
    /// </param>
    /// <param name="usesTaste">
    /// Whether a topic counts by the user's taste, where it is known; otherwise all count alike.
    /// </param>
    public Xquad(double coverage = 0.5, bool usesTaste = true)
    {
        if (!(coverage is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(coverage), coverage, "The coverage must be above 0 and at most 1, for example 0.5.");
        }

        _coverage = coverage;
        _usesTaste = usesTaste;
    }

    /// <inheritdoc/>
    public override string Name => _usesTaste ? "xquad" : "xquad-even";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Taste;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        ListTopics? topics = list.Topics;
        if (topics is null || topics[order[rank]].IsEmpty)
        {
            return "has no topic.";
        }

        int[] served = new int[topics.TopicCount];
        foreach (int before in order[..rank])
        {
            foreach (int topic in topics[before])
            {
                served[topic]++;
            }
        }

        var words = new List<string>();
        foreach (int topic in topics[order[rank]])
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{topics.NameOf(topic)} ({served[topic]} before it)"));
        }

        return $"is of {string.Join(", ", words)}.";
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Topics is not { TopicCount: > 0 } topics)
        {
            return 0;
        }

        // unserved[c] = P(c|u) prod of (1 - P(j|c)), scaled.
        double[] unserved = new double[topics.TopicCount];
        for (int topic = 0; topic < unserved.Length; topic++)
        {
            unserved[topic] = _usesTaste && list.Taste is { } taste ? taste[topic] : 1;
        }

        double most = 0;
        for (int place = 0; place < list.Count; place++)
        {
            most = Math.Max(most, Gain(topics[place], unserved));
        }

        double[] gains = new double[list.Count];
        bool[] taken = new bool[list.Count];
        for (int next = 0; next < head.Length; next++)
        {
            for (int place = 0; place < gains.Length; place++)
            {
                double gain = most > 0 ? Gain(topics[place], unserved) / most : 0;
                gains[place] = (1 - weight) * list.Relevance[place] + weight * gain;
            }

            int best = Best(gains, taken);
            head[next] = best;
            taken[best] = true;
            foreach (int topic in topics[best])
            {
                unserved[topic] *= 1 - _coverage;
            }
        }

        return head.Length;
    }

    private static double Gain(ReadOnlySpan<int> own, double[] unserved)
    {
        double gain = 0;
        foreach (int topic in own)
        {
            gain += unserved[topic];
        }

        return gain;
    }
}
