namespace Palate;

/// <summary>
/// What is taken most at the moment: interactions that count half as much with every half-life of age.
/// </summary>
/// <remarks>
/// Ages are relative to the request's time, and events after it do not count, so that a replay of the past sees no
/// future; after the last event (or at time 0) they are relative to that event. Not personalised. Immutable.
/// </remarks>
public sealed class Trending : DenseSource
{
    private const int Magic = 0x31445254;
    private const double SecondsPerDay = 86_400;

    // All events in ascending order of time.
    private readonly long[] _times;
    private readonly int[] _items;
    private readonly double _halfLifeDays;

    // The scores at the time of the last event, which is what nearly all requests need.
    private readonly float[] _latest;

    private Trending(long[] times, int[] items, int columns, double halfLifeDays)
    {
        _times = times;
        _items = items;
        _halfLifeDays = halfLifeDays;
        _latest = new float[columns];
        Decay(times.Length, times.Length == 0 ? 0 : times[^1], _latest);
    }

    /// <summary>What is popular now as a kind of source; it needs times.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "trending",
        SourceRole.Everybody,
        all => all.Trending,
        (fit, own) => fit.Matrix.Times.AsSpan().ContainsAnyExcept(0L) ? Fit(fit.Matrix, own) : null,
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "trending";

    /// <summary>How many items the source scores.</summary>
    public int Items => _latest.Length;

    /// <summary>Fits the model: of several events of a user on an item the matrix holds the latest.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public static Trending Fit(InteractionMatrix matrix, TrendingOptions options)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        long[] times = [.. matrix.Times];
        int[] items = [.. matrix.Indices];
        Array.Sort(times, items);
        return new Trending(times, items, matrix.Columns, options.HalfLifeDays);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Trending Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "trending");
        int columns = ModelFile.ReadCount(reader, "trending");
        double[] halfLife = ModelFile.ReadArray<double>(reader, "trending");
        long[] times = ModelFile.ReadArray<long>(reader, "trending");
        int[] items = ModelFile.ReadArray<int>(reader, "trending");
        bool sound = halfLife.Length == 1 && halfLife[0] > 0 && times.Length == items.Length;
        for (int place = 0; sound && place < items.Length; place++)
        {
            sound = items[place] >= 0 && items[place] < columns && (place == 0 || times[place - 1] <= times[place]);
        }

        ModelFile.Check(sound, "trending", "its events do not fit together");
        return new Trending(times, items, columns, halfLife[0]);
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(_latest.Length);
        writer.WriteArray<double>([_halfLifeDays]);
        writer.WriteArray<long>(_times);
        writer.WriteArray<int>(_items);
    }

    /// <inheritdoc/>
    protected override bool CanScore(RetrievalContext context) => true;

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, _latest.Length);
        if (context.Time == 0 || _times.Length == 0 || context.Time >= _times[^1])
        {
            _latest.CopyTo(scores);
            return;
        }

        // The first event after the request's time.
        int low = 0;
        int high = _times.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_times[middle] <= context.Time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        Decay(low, context.Time, scores);
    }

    private void Decay(int count, long now, Span<float> scores)
    {
        double[] sums = new double[scores.Length];
        double rate = -Math.Log(2) / (_halfLifeDays * SecondsPerDay);
        for (int place = 0; place < count; place++)
        {
            sums[_items[place]] += Math.Exp(rate * (now - (double)_times[place]));
        }

        for (int item = 0; item < sums.Length; item++)
        {
            scores[item] = (float)sums[item];
        }
    }
}
