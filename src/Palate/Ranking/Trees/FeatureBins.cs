namespace Palate;

/// <summary>Where the bins of each feature are cut: at quantiles, so that each bin holds about as many rows.</summary>
/// <remarks>
/// Bin 0 is for unknown values. Bin b of the others holds the values v with
/// <c>cuts[b - 2] &lt; v &lt;= cuts[b - 1]</c>, so "more than bin b" and "more than cuts[b - 1]" are the same question.
/// </remarks>
internal sealed class FeatureBins
{
    // Sorting more rows than this moves no cut by more than a small part of a bin.
    private const int MaxSample = 100_000;

    private readonly float[][] _cuts;
    private readonly bool[] _missing;

    private FeatureBins(float[][] cuts, bool[] missing)
    {
        _cuts = cuts;
        _missing = missing;
    }

    public int Features => _cuts.Length;

    /// <summary>How many bins a feature has, the bin of unknown values included; 2 means a constant.</summary>
    public int Count(int feature) => _cuts[feature].Length + 2;

    public bool HasMissing(int feature) => _missing[feature];

    public ReadOnlySpan<float> Cuts(int feature) => _cuts[feature];

    /// <summary>The threshold that sends the bins above <paramref name="bin"/> to the right.</summary>
    public float Threshold(int feature, int bin) => bin == 0 ? float.MinValue : _cuts[feature][bin - 1];

    public static FeatureBins Of(RankingDataset data, int maxBins, ulong seed, ParallelOptions parallel)
    {
        int[]? sample = Sample(data.Rows, seed);
        float[][] cuts = new float[data.Features][];
        bool[] missing = new bool[data.Features];
        Parallel.For(0, data.Features, parallel, feature =>
        {
            ReadOnlySpan<float> column = data[feature];
            missing[feature] = HasNaN(column);
            cuts[feature] = Cut(Known(column, sample), maxBins - 1);
        });
        return new FeatureBins(cuts, missing);
    }

    private static bool HasNaN(ReadOnlySpan<float> column)
    {
        foreach (float value in column)
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

    private static int[]? Sample(int rows, ulong seed)
    {
        if (rows <= MaxSample)
        {
            return null;
        }

        // One row of each of MaxSample equal strata: spread evenly, and no period of the data can line up with it.
        var random = new SeededRandom(seed);
        int[] sample = new int[MaxSample];
        for (int place = 0; place < MaxSample; place++)
        {
            int from = (int)((long)place * rows / MaxSample);
            int to = (int)((long)(place + 1) * rows / MaxSample);
            sample[place] = from + random.Next(to - from);
        }

        return sample;
    }

    private static float[] Known(ReadOnlySpan<float> column, int[]? sample)
    {
        float[] known = new float[sample?.Length ?? column.Length];
        int count = 0;
        for (int place = 0; place < known.Length; place++)
        {
            float value = column[sample is null ? place : sample[place]];
            if (!float.IsNaN(value))
            {
                known[count++] = value;
            }
        }

        Array.Resize(ref known, count);
        Array.Sort(known);
        return known;
    }

    private static float[] Cut(float[] sorted, int maxBins)
    {
        var values = new List<float>();
        var counts = new List<int>();
        foreach (float value in sorted)
        {
            if (values.Count > 0 && values[^1] == value)
            {
                counts[^1]++;
            }
            else
            {
                values.Add(value);
                counts.Add(1);
            }
        }

        // A value with more rows than a fair bin gets a bin of its own; the others share what is left.
        int rest = sorted.Length;
        int restBins = maxBins;
        double fair = (double)rest / maxBins;
        bool[] big = new bool[values.Count];
        bool all = values.Count <= maxBins;
        for (int place = 0; place < big.Length; place++)
        {
            big[place] = all || counts[place] >= fair;
            if (big[place])
            {
                rest -= counts[place];
                restBins--;
            }
        }

        var cuts = new List<float>();
        double target = restBins > 0 ? (double)rest / restBins : double.PositiveInfinity;
        int filled = 0;
        for (int place = 0; place + 1 < values.Count && cuts.Count < maxBins - 1; place++)
        {
            filled += counts[place];
            if (!big[place])
            {
                rest -= counts[place];
            }

            if (big[place] || filled >= target || (big[place + 1] && filled >= target / 2))
            {
                cuts.Add(Between(values[place], values[place + 1]));
                filled = 0;
                if (!big[place])
                {
                    restBins--;
                    target = restBins > 0 ? (double)rest / restBins : double.PositiveInfinity;
                }
            }
        }

        return [.. cuts];
    }

    private static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle < high ? middle : low;
    }
}
