namespace Palate.Tests;

/// <summary>
/// Planted lists: relevance falls along the list, and the head is of few topics, one group, and well known.
/// </summary>
internal static class ShapingWorld
{
    public const int Topics = 8;

    public static ShapingList List(ulong seed, int count = 30)
    {
        var random = new SeededRandom(seed);
        float[] relevance = new float[count];
        int[][] codes = new int[count][];
        int[] groups = new int[count];
        float[] novelty = new float[count];
        for (int place = 0; place < count; place++)
        {
            double depth = place / (double)count;
            relevance[place] = (float)Math.Clamp(1 - depth + 0.05 * random.NextNormal(), 0, 1);

            // The further down, the more topics there are to draw from: the head repeats two of them.
            int choice = 2 + (int)(depth * (Topics - 2));
            codes[place] = [.. new[] { random.Next(choice), random.Next(choice) }.Distinct()];
            groups[place] = random.NextDouble() < 0.2 + (0.6 * depth) ? 1 : 0;
            novelty[place] = (float)(4 + (8 * depth) + random.NextDouble());
        }

        Array.Sort(relevance);
        Array.Reverse(relevance);
        var topics = ListTopics.Of(codes);
        float[] taste = new float[topics.TopicCount];
        taste.AsSpan().Fill(1f / topics.TopicCount);
        return new ShapingList(relevance)
        {
            Topics = topics,
            Similarity = ListSimilarity.OfTopics(topics),
            Taste = taste,
            Groups = groups,
            Novelty = novelty,
        };
    }

    public static ShapingList WithoutAttributes(int count)
    {
        float[] relevance = [.. Enumerable.Range(0, count).Select(place => 1 - (place / (float)Math.Max(1, count)))];
        var topics = ListTopics.Of([.. Enumerable.Range(0, count).Select(_ => Array.Empty<int>())]);
        return new ShapingList(relevance)
        {
            Topics = topics,
            Similarity = ListSimilarity.OfTopics(topics),
            Groups = [.. Enumerable.Repeat(-1, count)],
        };
    }

    /// <summary>How many distinct topics the first places have, a repetition counting half, then a quarter.</summary>
    public static double Variety(ShapingList list, ReadOnlySpan<int> order)
    {
        double[] worth = [.. Enumerable.Repeat(1.0, list.Topics!.TopicCount)];
        double sum = 0;
        foreach (int place in order)
        {
            foreach (int topic in list.Topics[place])
            {
                sum += worth[topic];
                worth[topic] /= 2;
            }
        }

        return sum;
    }

    /// <summary>The mean distance of the pairs of the first places.</summary>
    public static double Distance(ShapingList list, ReadOnlySpan<int> order)
    {
        float[] row = new float[list.Count];
        double sum = 0;
        for (int later = 1; later < order.Length; later++)
        {
            list.Similarity.Row(order[later], row);
            for (int earlier = 0; earlier < later; earlier++)
            {
                sum += 1 - row[order[earlier]];
            }
        }

        return 2 * sum / order.Length / (order.Length - 1);
    }

    /// <summary>Minus the distance between what the groups get of the attention and what is due to them.</summary>
    public static double Fairness(ShapingList list, ReadOnlySpan<int> order, bool isLinear = false)
    {
        double[] got = new double[2];
        for (int place = 0; place < order.Length; place++)
        {
            got[list.Groups![order[place]]] +=
                isLinear ? 1 - (place / (order.Length - 1.0)) : 1 / Math.Log2(place + 2);
        }

        double due = list.Groups!.Count(group => group == 0) / (double)list.Count;
        return -Math.Abs(got[0] / (got[0] + got[1]) - due);
    }
}
