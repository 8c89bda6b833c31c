namespace Palate;

/// <summary>How popular and how old a candidate was around the time at which the user was active.</summary>
internal sealed class ActivityFeatures : IFeatureFamily
{
    private const long Day = 86_400;
    private const int BucketDays = 7;
    private const int WindowBuckets = 2;

    private readonly long _start;
    private readonly int _buckets;

    // Interactions of item i before bucket b: [items, buckets + 1], so that a window is a difference of two cells.
    private readonly int[] _before;
    private readonly float[] _bucketTotals;
    private readonly long[] _firstSeen;
    private readonly long _end;

    public ActivityFeatures(Catalog catalog, InteractionMatrix matrix)
    {
        (_start, _end) = Range(matrix.Times);
        _buckets = (int)((_end - _start) / (BucketDays * Day)) + 1;
        int stride = _buckets + 1;
        _before = new int[matrix.Columns * stride];
        _bucketTotals = new float[stride];
        _firstSeen = new long[matrix.Columns];
        Array.Fill(_firstSeen, long.MaxValue);
        for (int cell = 0; cell < matrix.Count; cell++)
        {
            if (matrix.Times[cell] > 0)
            {
                int item = matrix.Indices[cell];
                int bucket = BucketOf(matrix.Times[cell]);
                _before[item * stride + bucket + 1]++;
                _bucketTotals[bucket + 1]++;
                _firstSeen[item] = Math.Min(_firstSeen[item], matrix.Times[cell]);
            }
        }

        for (int item = 0; item < matrix.Columns; item++)
        {
            _firstSeen[item] = catalog.Items[item].AddedAt is long added ? added : _firstSeen[item];
            for (int bucket = 1; bucket < stride; bucket++)
            {
                _before[item * stride + bucket] += _before[item * stride + bucket - 1];
            }
        }

        for (int bucket = 1; bucket < stride; bucket++)
        {
            _bucketTotals[bucket] += _bucketTotals[bucket - 1];
        }
    }

    public IReadOnlyList<FeatureDefinition> Definitions { get; } =
    [
        new("active.popularity", "log share", "The log of the item's share of all interactions in the five weeks " +
            "around the user's activity."),
        new("active.age", "years", "How long before the user's activity the item appeared."),
    ];

    /// <summary>The time at which a user is taken to be active: the middle of the history, or the request's time.</summary>
    public static long ActivityTime(RetrievalContext context)
    {
        ReadOnlySpan<long> times = context.Profile.Times;
        if (times.IsEmpty)
        {
            return context.Time;
        }

        double sum = 0;
        foreach (long time in times)
        {
            sum += time;
        }

        return (long)(sum / times.Length);
    }

    public void Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix, int first)
    {
        Span<float> popularity = matrix[first];
        Span<float> age = matrix[first + 1];
        long time = ActivityTime(context);
        if (time <= 0 || _end == 0)
        {
            popularity.Fill(float.NaN);
            age.Fill(float.NaN);
            return;
        }

        time = Math.Clamp(time, _start, _end);
        int bucket = BucketOf(time);
        int low = Math.Max(0, bucket - WindowBuckets);
        int high = Math.Min(_buckets, bucket + WindowBuckets + 1);
        float total = _bucketTotals[high] - _bucketTotals[low];
        for (int candidate = 0; candidate < candidates.Count; candidate++)
        {
            int item = candidates.Items[candidate];
            int row = item * (_buckets + 1);
            popularity[candidate] = MathF.Log((_before[row + high] - _before[row + low] + 0.5f) / (total + 1));
            age[candidate] = _firstSeen[item] == long.MaxValue
                ? float.NaN
                : (time - _firstSeen[item]) / (365.25f * Day);
        }
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

    private int BucketOf(long time) => (int)((time - _start) / (BucketDays * Day));
}
