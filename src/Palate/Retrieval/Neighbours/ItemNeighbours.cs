namespace Palate;

/// <summary>
/// Items that the same people take: the sum of a candidate's similarities to the items of the history.
/// </summary>
/// <remarks>
/// Cosine between the items' columns, weighted and shrunk; each candidate listens to its most similar items only.
/// Immutable after the fit.
/// </remarks>
public sealed class ItemNeighbours : DenseSource
{
    private const int Magic = 0x314E4E49;
    private const double K1 = 1.2;
    private const double B = 0.75;
    private readonly NeighbourLists _lists;

    private ItemNeighbours(NeighbourLists lists) => _lists = lists;

    /// <summary>Neighbouring items as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "item-knn",
        SourceRole.History,
        all => all.ItemNeighbours,
        (fit, own) => Fit(fit.Matrix, own, fit.Stop),
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "item-knn";

    /// <summary>Fits the model.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public static ItemNeighbours Fit(
        InteractionMatrix matrix, ItemNeighboursOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        InteractionMatrix byItem = matrix.Transpose();

        // A cell is itemWeight x userWeight, so a dot product is itemWeight_i itemWeight_j sum of userWeight^2.
        float[] squares = UserWeights(matrix, options.Weighting);
        for (int user = 0; user < squares.Length; user++)
        {
            squares[user] *= squares[user];
        }

        float[] itemWeights = ItemWeights(byItem, options.Weighting);
        float[] norms = new float[matrix.Columns];
        for (int item = 0; item < norms.Length; item++)
        {
            double sum = 0;
            foreach (int user in byItem.Row(item))
            {
                sum += squares[user];
            }

            norms[item] = itemWeights[item] * (float)Math.Sqrt(sum);
        }

        return new ItemNeighbours(
            NeighbourLists.Build(
                matrix.Columns, options.Neighbours, Workers.Resolve(options.Threads), Compare, stop));

        void Compare(int target, Span<float> similarities)
        {
            foreach (int user in byItem.Row(target))
            {
                float square = squares[user];
                foreach (int item in matrix.Row(user))
                {
                    similarities[item] += square;
                }
            }

            for (int item = 0; item < similarities.Length; item++)
            {
                if (similarities[item] > 0)
                {
                    similarities[item] *= itemWeights[item] * itemWeights[target]
                        / (norms[item] * norms[target] + options.Shrink);
                }
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static ItemNeighbours Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "item-knn");
        return new ItemNeighbours(NeighbourLists.Load(reader, "item-knn"));
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        _lists.Save(writer);
    }

    /// <summary>How similar an item of the history is to a candidate; 0 when it is not among its neighbours.</summary>
    public float Weight(int from, int to) => _lists.Weight(from, to);

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        _lists.AddScores(context.Profile.Items, default, scores);
    }

    private static float[] UserWeights(InteractionMatrix matrix, NeighbourWeighting weighting)
    {
        float[] weights = new float[matrix.Rows];
        for (int user = 0; user < weights.Length; user++)
        {
            // Never 0 or negative, so that a user who has taken the whole catalog still counts a little.
            weights[user] = weighting == NeighbourWeighting.None
                ? 1
                : (float)Math.Log(1 + (matrix.Columns - matrix.RowCount(user) + 0.5) / (matrix.RowCount(user) + 0.5));
        }

        return weights;
    }

    private static float[] ItemWeights(InteractionMatrix byItem, NeighbourWeighting weighting)
    {
        float[] weights = new float[byItem.Rows];
        double mean = Math.Max(1, (double)byItem.Count / byItem.Rows);
        for (int item = 0; item < weights.Length; item++)
        {
            weights[item] = weighting != NeighbourWeighting.Bm25
                ? 1
                : (float)((K1 + 1) / (1 + K1 * (1 - B + B * byItem.RowCount(item) / mean)));
        }

        return weights;
    }
}
