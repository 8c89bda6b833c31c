using System.Numerics.Tensors;

namespace Palate;

/// <summary>How popular and how old a candidate was in the weeks in which the user was active.</summary>
internal sealed class ActivityFeatures : IFeatureFamily
{
    private const long Day = 86_400;
    private const int MaxBuckets = 128;

    // Shares below this are taken for it, so that the log of nothing is not far below the log of little.
    private const float LeastShare = 1e-5f;

    private readonly long _start;
    private readonly long _end;
    private readonly long _bucketSeconds;
    private readonly int _buckets;

    // near [buckets, items]: the item's share of all interactions around the bucket.
    private readonly float[] _near;
    private readonly float[] _logShare;
    private readonly long[] _appeared;

    public ActivityFeatures(Catalog catalog, InteractionMatrix matrix)
    {
        (_start, _end) = Range(matrix.Times);
        _bucketSeconds = Math.Max(7 * Day, (_end - _start) / MaxBuckets + 1);
        _buckets = (int)((_end - _start) / _bucketSeconds) + 1;
        _near = SharesNear(matrix);
        _logShare = new float[matrix.Columns];
        foreach (int item in matrix.Indices)
        {
            _logShare[item]++;
        }

        for (int item = 0; item < _logShare.Length; item++)
        {
            _logShare[item] = MathF.Log(_logShare[item] / Math.Max(1, matrix.Count) + LeastShare);
        }

        _appeared = Appearances(catalog, matrix);
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("active.share", "log share", "The log of the item's share of all interactions in the weeks in which the " +
            "user was active, each week by how active the user was."),
        new("active.lift", "log ratio", "active.share less the log of the item's share at all times."),
        new("active.age", "days", "How long before the user's latest interaction the item appeared, within 300 days."),
    ];

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        Span<float> weeks = stackalloc float[_buckets];
        long latest = Activity(context, weeks);
        Span<float> share = matrix[first];
        Span<float> lift = matrix[first + 1];
        Span<float> age = matrix[first + 2];
        share.Clear();
        ReadOnlySpan<int> chosen = candidates.Items;
        int items = _logShare.Length;
        for (int bucket = 0; bucket < weeks.Length; bucket++)
        {
            if (weeks[bucket] > 0)
            {
                ReadOnlySpan<float> near = _near.AsSpan(bucket * items, items);
                float weight = weeks[bucket];
                for (int candidate = 0; candidate < chosen.Length; candidate++)
                {
                    share[candidate] += weight * near[chosen[candidate]];
                }
            }
        }

        TensorPrimitives.Add(share, LeastShare, share);
        TensorPrimitives.Log(share, share);
        for (int candidate = 0; candidate < chosen.Length; candidate++)
        {
            int item = chosen[candidate];
            lift[candidate] = share[candidate] - _logShare[item];
            age[candidate] = _appeared[item] == long.MaxValue
                ? float.NaN
                : Math.Clamp((latest - _appeared[item]) / (float)Day, -300, 300);
        }
    }

    /// <summary>
    /// Writes the share of the history in each bucket; with no times the bucket of the request, or of the latest data.
    /// </summary>
    /// <returns>The time of the latest interaction.</returns>
    private long Activity(RetrievalContext context, Span<float> weeks)
    {
        weeks.Clear();
        long latest = 0;
        int known = 0;
        foreach (long time in context.Profile.Times)
        {
            if (time > 0)
            {
                weeks[BucketOf(time)]++;
                known++;
                latest = Math.Max(latest, time);
            }
        }

        if (known == 0)
        {
            latest = context.Time > 0 ? context.Time : _end;
            weeks[BucketOf(latest)] = 1;
            return latest;
        }

        foreach (ref float week in weeks)
        {
            week /= known;
        }

        return latest;
    }

    private float[] SharesNear(InteractionMatrix matrix)
    {
        int items = matrix.Columns;
        float[] counts = new float[_buckets * items];
        float[] totals = new float[_buckets];
        for (int cell = 0; cell < matrix.Count; cell++)
        {
            if (matrix.Times[cell] > 0)
            {
                int bucket = BucketOf(matrix.Times[cell]);
                counts[bucket * items + matrix.Indices[cell]]++;
                totals[bucket]++;
            }
        }

        // Neighbouring buckets count by a Gaussian of one bucket's deviation.
        float[] near = new float[counts.Length];
        for (int bucket = 0; bucket < _buckets; bucket++)
        {
            Span<float> row = near.AsSpan(bucket * items, items);
            float total = 0;
            for (int other = Math.Max(0, bucket - 3); other < Math.Min(_buckets, bucket + 4); other++)
            {
                float weight = MathF.Exp(-0.5f * (bucket - other) * (bucket - other));
                total += weight * totals[other];
                for (int item = 0; item < items; item++)
                {
                    row[item] += weight * counts[other * items + item];
                }
            }

            for (int item = 0; total > 0 && item < items; item++)
            {
                row[item] /= total;
            }
        }

        return near;
    }

    /// <summary>When each item appeared: as its owner says, or at the time before which a twentieth of its events lie.</summary>
    private static long[] Appearances(Catalog catalog, InteractionMatrix matrix)
    {
        long[] appeared = new long[matrix.Columns];
        InteractionMatrix byItem = matrix.Transpose();
        for (int item = 0; item < appeared.Length; item++)
        {
            long[] times = [.. byItem.RowTimes(item).ToArray().Where(time => time > 0).Order()];
            appeared[item] = times.Length > 0
                ? times[Math.Min(times.Length - 1, times.Length / 20)]
                : catalog.Items[item].AddedAt ?? long.MaxValue;
        }

        return appeared;
    }

    private static (long Start, long End) Range(ReadOnlySpan<long> times)
    {
        long start = long.MaxValue;
        long end = 0;
        foreach (long time in times)
        {
            if (time > 0)
            {
                start = Math.Min(start, time);
                end = Math.Max(end, time);
            }
        }

        return end == 0 ? (0, 0) : (start, end);
    }

    private int BucketOf(long time) => (int)((Math.Clamp(time, _start, _end) - _start) / _bucketSeconds);
}
