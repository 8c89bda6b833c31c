namespace Palate;

/// <summary>How far a re-ranker is trusted, as learned from held-out feedback: never without proof.</summary>
/// <remarks>
/// The floor is "no harm": a weight is given only where the gain over the base, measured on requests that had no part in
/// choosing it, is above 0 with its whole interval of 99 %. Immutable, safe on any thread.
/// </remarks>
public sealed class Trust
{
    private const string FileTag = "trust/1";

    private readonly SortedDictionary<string, LearnedAlpha> _segments;

    internal Trust(Normalisation normalisation, LearnedAlpha whole, SortedDictionary<string, LearnedAlpha> segments)
    {
        Normalisation = normalisation;
        Whole = whole;
        _segments = segments;
    }

    /// <summary>How both scores are brought to one scale.</summary>
    public Normalisation Normalisation { get; }

    /// <summary>What holds where a segment has nothing of its own.</summary>
    public LearnedAlpha Whole { get; }

    /// <summary>What holds for the segments that had enough requests.</summary>
    public IReadOnlyDictionary<string, LearnedAlpha> Segments => _segments;

    /// <summary>Learns from requests of the past; those without a relevant candidate say nothing and are left out.</summary>
    /// <param name="samples">The requests.</param>
    /// <param name="options">How to learn; null for the defaults.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ArgumentException">An option is out of its limits, or a sample's columns do not fit together.
    /// </exception>
    public static Trust Fit(
        IReadOnlyList<TrustSample> samples, TrustOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new TrustOptions();
        options.Validate();
        return TrustLearner.Learn(samples, options, stop);
    }

    /// <summary>What holds for a segment.</summary>
    public LearnedAlpha Of(string segment) => _segments.GetValueOrDefault(segment) ?? Whole;

    /// <summary>How to blend in a segment.</summary>
    public Blend BlendOf(string segment) => new() { Alpha = Of(segment).Alpha, Normalisation = Normalisation };

    /// <summary>Writes what was learned.</summary>
    public void Save(BinaryWriter writer) => RankerFile.WriteFrame(writer, FileTag, body =>
    {
        body.Write((int)Normalisation);
        Write(body, Whole);
        body.Write(_segments.Count);
        foreach ((string segment, LearnedAlpha learned) in _segments)
        {
            body.Write(segment);
            Write(body, learned);
        }
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static Trust Load(BinaryReader reader) => RankerFile.ReadFrame(reader, FileTag, body =>
    {
        var normalisation = (Normalisation)body.ReadInt32();
        LearnedAlpha whole = Read(body);
        var segments = new SortedDictionary<string, LearnedAlpha>(StringComparer.Ordinal);
        for (int left = body.ReadInt32(); left > 0; left--)
        {
            segments.Add(body.ReadString(), Read(body));
        }

        return Enum.IsDefined(normalisation) && segments.Values.Append(whole).All(own => own.Alpha is >= 0 and <= 1)
            ? new Trust(normalisation, whole, segments)
            : throw new InvalidDataException("A file of learned trust is damaged: a weight is outside 0 to 1.");
    });

    private static void Write(BinaryWriter body, LearnedAlpha learned) => body.WriteArray<double>(
    [
        learned.Alpha, learned.AlphaInterval.Low, learned.AlphaInterval.High,
        learned.Gain, learned.GainInterval.Low, learned.GainInterval.High, learned.Requests,
    ]);

    private static LearnedAlpha Read(BinaryReader body)
    {
        double[] values = body.ReadArray<double>();
        return values.Length == 7
            ? new LearnedAlpha(
                values[0],
                new MetricInterval(values[1], values[2]),
                values[3],
                new MetricInterval(values[4], values[5]),
                (int)values[6])
            : throw new InvalidDataException("A file of learned trust is damaged: a weight is not complete.");
    }
}
