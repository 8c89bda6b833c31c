using System.Globalization;

namespace Palate;

/// <summary>
/// Proportionality: places are handed to the topics like seats to parties, by the size of the interest in each.
/// </summary>
/// <remarks>
/// Dang and Croft, "Diversity by proportionality", SIGIR 2012: the quotient of topic c is q_c = v_c / (2 s_c + 1)
/// (Sainte-Lague), the topic with the greatest is c*, and the place goes to argmax lambda q_c* P(i|c*) + (1 - lambda)
/// sum over c other than c* of q_c P(i|c); then s_c grows by the item's share of topic c. Here P(i|c) is an item's
/// equal share in each of its topics, and relevance is weighed in: argmax (1 - w) rel(i) + w times the above, scaled to
/// at most 1 in each step. v_c is the user's taste, or else the topic's share among the candidates.
/// </remarks>
public sealed class Pm2 : Shaper
{
    private readonly double _lambda;

    /// <summary>A proportional order.</summary>
    /// <param name="lambda">How much the topic whose turn it is counts against the item's other topics, 0 to 1.</param>
    public Pm2(double lambda = 0.5)
    {
        if (!(lambda is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "Lambda must be from 0 to 1, for example 0.5.");
        }

        _lambda = lambda;
    }

    /// <inheritdoc/>
    public override string Name => "pm2";

    /// <inheritdoc/>
    public override ShaperNeeds Requires => ShaperNeeds.Attribute;

    /// <inheritdoc/>
    public override ShaperNeeds Uses => ShaperNeeds.Attribute | ShaperNeeds.Taste;

    /// <inheritdoc/>
    public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Topics is not { TopicCount: > 0 } topics)
        {
            return "has no topic.";
        }

        double[] seats = new double[topics.TopicCount];
        foreach (int before in order[..rank])
        {
            Seat(topics[before], seats);
        }

        double[] quotients = new double[topics.TopicCount];
        int turn = Quotients(Votes(list, topics), seats, quotients);
        string has = topics[order[rank]].Contains(turn) ? "has" : "does not have";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{has} {topics.NameOf(turn)}, whose turn it was with {seats[turn]:0.#} of {rank} places.");
    }

    /// <inheritdoc/>
    protected override int Select(ShapingList list, float weight, Span<int> head)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Topics is not { TopicCount: > 0 } topics)
        {
            return 0;
        }

        double[] votes = Votes(list, topics);
        double[] seats = new double[votes.Length];
        double[] quotients = new double[votes.Length];
        double[] gains = new double[list.Count];
        bool[] taken = new bool[list.Count];
        for (int next = 0; next < head.Length; next++)
        {
            int turn = Quotients(votes, seats, quotients);
            double most = 0;
            for (int place = 0; place < gains.Length; place++)
            {
                double gain = 0;
                foreach (int topic in topics[place])
                {
                    gain += (topic == turn ? _lambda : 1 - _lambda) * quotients[topic];
                }

                gains[place] = topics[place].IsEmpty ? 0 : gain / topics[place].Length;
                most = taken[place] ? most : Math.Max(most, gains[place]);
            }

            for (int place = 0; place < gains.Length; place++)
            {
                double gain = most > 0 ? gains[place] / most : 0;
                gains[place] = (1 - weight) * list.Relevance[place] + weight * gain;
            }

            int best = Best(gains, taken);
            head[next] = best;
            taken[best] = true;
            Seat(topics[best], seats);
        }

        return head.Length;
    }

    private static double[] Votes(ShapingList list, ListTopics topics)
    {
        if (list.Taste is { } taste && taste.AsSpan().ContainsAnyExcept(0f))
        {
            return [.. taste.Select(share => (double)share)];
        }

        double[] votes = new double[topics.TopicCount];
        for (int place = 0; place < topics.Count; place++)
        {
            Seat(topics[place], votes);
        }

        return votes;
    }

    private static void Seat(ReadOnlySpan<int> own, double[] seats)
    {
        foreach (int topic in own)
        {
            seats[topic] += 1.0 / own.Length;
        }
    }

    private static int Quotients(double[] votes, double[] seats, double[] quotients)
    {
        int turn = 0;
        for (int topic = 0; topic < votes.Length; topic++)
        {
            quotients[topic] = votes[topic] / (2 * seats[topic] + 1);
            turn = quotients[topic] > quotients[turn] ? topic : turn;
        }

        return turn;
    }
}
