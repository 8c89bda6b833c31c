namespace Palate;

/// <summary>
/// Where a walk of three steps user - item - user - item from the history ends, popular ends held back.
/// </summary>
/// <remarks>
/// RP3beta (Paudel, Christoffel, Newell and Bernstein 2017, "Updatable, Accurate, Diverse, and Scalable Recommendations
/// for Interactive Applications"). Immutable after the fit.
/// </remarks>
public sealed class RandomWalk : DenseSource
{
    private const int Magic = 0x31335052;
    private readonly NeighbourLists _lists;

    private RandomWalk(NeighbourLists lists) => _lists = lists;

    /// <summary>Random walks as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "rp3beta",
        SourceRole.History,
        all => all.RandomWalk,
        (fit, own) => Fit(fit.Matrix, own, fit.Stop),
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "rp3beta";

    /// <summary>Fits the model.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public static RandomWalk Fit(InteractionMatrix matrix, RandomWalkOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        InteractionMatrix byItem = matrix.Transpose();
        float[] userStep = new float[matrix.Rows];
        for (int user = 0; user < userStep.Length; user++)
        {
            userStep[user] = MathF.Pow(Math.Max(1, matrix.RowCount(user)), -options.Alpha);
        }

        float[] itemStep = new float[matrix.Columns];
        float[] holdBack = new float[matrix.Columns];
        for (int item = 0; item < itemStep.Length; item++)
        {
            itemStep[item] = MathF.Pow(Math.Max(1, byItem.RowCount(item)), -options.Alpha);
            holdBack[item] = MathF.Pow(Math.Max(1, byItem.RowCount(item)), -options.Beta);
        }

        return new RandomWalk(
            NeighbourLists.Build(matrix.Columns, options.Neighbours, Workers.Resolve(options.Threads), Walk, stop));

        // W_ij = (sum over users of both of (1/d_i)^alpha (1/d_u)^alpha) / d_j^beta, for the target j.
        void Walk(int target, Span<float> weights)
        {
            foreach (int user in byItem.Row(target))
            {
                float step = userStep[user];
                foreach (int item in matrix.Row(user))
                {
                    weights[item] += step;
                }
            }

            for (int item = 0; item < weights.Length; item++)
            {
                weights[item] *= itemStep[item] * holdBack[target];
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static RandomWalk Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "rp3beta");
        return new RandomWalk(NeighbourLists.Load(reader, "rp3beta"));
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        _lists.Save(writer);
    }

    /// <summary>
    /// What an item of the history adds to a candidate's score; 0 when it is not among its neighbours.
    /// </summary>
    public float Weight(int from, int to) => _lists.Weight(from, to);

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        _lists.AddScores(context.Profile.Items, default, scores);
    }
}
