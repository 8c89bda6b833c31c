namespace Palate;

/// <summary>How many users interacted with each item: the baseline that every other source must beat.</summary>
/// <remarks>Not personalised: it also serves somebody without a history. Immutable.</remarks>
public sealed class Popularity : DenseSource
{
    private const int Magic = 0x31504F50;
    private readonly float[] _counts;

    private Popularity(float[] counts) => _counts = counts;

    /// <summary>What is popular as a kind of source: always there.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "popularity",
        SourceRole.Everybody,
        all => all,
        (fit, _) => Fit(fit.Matrix),
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "popularity";

    /// <summary>The number of users per item.</summary>
    public ReadOnlySpan<float> Counts => _counts;

    /// <summary>Counts the cells of each column.</summary>
    public static Popularity Fit(InteractionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int[] counts = new int[matrix.Columns];
        foreach (int item in matrix.Indices)
        {
            counts[item]++;
        }

        return new Popularity([.. counts.Select(count => (float)count)]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Popularity Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "popularity");
        return new Popularity(ModelFile.ReadFinite(reader, "popularity"));
    }

    /// <summary>Writes the source to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.WriteArray<float>(_counts);
    }

    /// <inheritdoc/>
    protected override bool CanScore(RetrievalContext context) => true;

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, _counts.Length);
        _counts.CopyTo(scores);
    }
}
