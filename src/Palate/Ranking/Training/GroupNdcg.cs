namespace Palate;

/// <summary>NDCG of a data set's groups: the discounted gain of the first k places, divided by the best
/// possible.</summary>
internal static class GroupNdcg
{
    /// <summary>What a label is worth.</summary>
    public static float GainOf(float label, LabelGain gain) =>
        gain == LabelGain.Exponential ? MathF.Pow(2, label) - 1 : label;

    /// <summary>What the place with a 0-based index counts: <c>1 / log2(index + 2)</c>.</summary>
    public static float Discount(int index) => 1 / MathF.Log2(index + 2);

    /// <summary>The best discounted gain that the first places of a group can have.</summary>
    public static double Ideal(ReadOnlySpan<float> gains, int places)
    {
        float[] sorted = gains.ToArray();
        Array.Sort(sorted);
        double sum = 0;
        for (int place = 0; place < Math.Min(places, sorted.Length); place++)
        {
            sum += sorted[^(place + 1)] * Discount(place);
        }

        return sum;
    }

    /// <summary>
    /// The mean NDCG over groups with a positive label, and NaN when there is none. Rows are ordered by score
    /// descending, then row ascending.
    /// </summary>
    public static double Mean(RankingDataset data, float[] scores, int places, LabelGain gain, ParallelOptions parallel)
    {
        double[] values = new double[data.Groups];
        Parallel.For(0, data.Groups, parallel, group =>
        {
            int start = data.Offsets[group];
            int count = data.Offsets[group + 1] - start;
            float[] gains = new float[count];
            for (int row = 0; row < count; row++)
            {
                gains[row] = GainOf(data.Labels[start + row], gain);
            }

            double ideal = Ideal(gains, places);
            if (ideal <= 0)
            {
                values[group] = double.NaN;
                return;
            }

            ulong[] keys = new ulong[count];
            RankOrder.Sort(scores.AsSpan(start, count), keys);
            double sum = 0;
            for (int place = 0; place < Math.Min(places, count); place++)
            {
                sum += gains[RankOrder.Row(keys[place])] * Discount(place);
            }

            values[group] = sum / ideal;
        });

        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        return known.Length == 0 ? double.NaN : known.Average();
    }
}
