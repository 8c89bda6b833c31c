namespace Palate;

/// <summary>A linear autoencoder between items with a closed-form solution: one weight per pair of items.</summary>
/// <remarks>
/// Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data"; with dropout Steck 2020, "Autoencoders that don't
/// overfit towards the Identity" (EDLAE). What items have in common beside their users (sessions, values, texts) is
/// added to the Gram matrix, as Jeunen, Van Balen and Goethals 2020 do in "Closed-Form Models for Collaborative Filtering
/// with Side-Information". Users and items may count by how frequent they are, as Park, Yoon, Kim and Lee 2025 do in "Why is
/// Normalization Necessary for Linear Recommenders?"; here the users' weights enter the Gram matrix and the items' divide
/// the scores. Scores any history, also one that training never saw. Memory: items x items x 2 bytes, twice that while
/// fitting, so it is for catalogs up to some 20,000 items. Immutable after the fit, therefore safe on any thread.
/// </remarks>
public sealed class Ease : DenseSource
{
    private const int Magic = 0x31455345;

    // B [items, items], row-major, as 16-bit floats: row i holds what a history with item i adds to every item's score.
    private readonly PackedMatrix _weights;
    private readonly object _otherScores = new();
    private readonly bool _useValues;

    private Ease(PackedMatrix weights, bool useValues, bool hasDropout, bool hasSideInformation)
    {
        _weights = weights;
        _useValues = useValues;
        HasDropout = hasDropout;
        HasSideInformation = hasSideInformation;
    }

    /// <summary>The linear item-item model as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "ease",
        SourceRole.History,
        all => all.Ease,
        (fit, own) => fit.IsDense ? Fit(fit.Matrix, own, null, fit.Stop) : null,
        Load,
        (source, writer) => source.Save(writer)) with
    {
        OtherNames = ["edlae"],
    };

    /// <summary>The same with side information as a kind of source.</summary>
    internal static SourceKind SideKind { get; } = SourceKind.Of(
        "ease-side",
        SourceRole.History,
        all => all.EaseSide,
        (fit, own) => fit.IsDense ? Fit(fit.Matrix, own, fit.Texts?.Vectors, fit.Stop) : null,
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => HasSideInformation ? "ease-side" : HasDropout ? "edlae" : "ease";

    /// <summary>Whether sessions, values or texts were added to what items have in common.</summary>
    public bool HasSideInformation { get; }

    /// <summary>Whether the model was fitted with dropout.</summary>
    public bool HasDropout { get; }

    /// <summary>Fits the model.</summary>
    /// <param name="matrix">Users x items.</param>
    /// <param name="options">How; side information counts where its weight is not 0.</param>
    /// <param name="texts">The vectors of the items' texts, or null.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ArgumentException">An option is outside its limits, or the catalog is too large.</exception>
    public static Ease Fit(
        InteractionMatrix matrix, EaseOptions options, ItemVectors? texts = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int threads = Workers.Resolve(options.Threads);
        int n = matrix.Columns;
        float[] userWeights = Gram.UserWeights(matrix, options.UserNormalization);
        float[] p = Gram.Build(matrix, options.UseValues, userWeights, threads, stop);
        SideInformation.Add(p, matrix, options, userWeights, texts, threads, stop);

        // G + Lambda, with Lambda = lambda I + p / (1 - p) diag(G)   Steck 2020, eq. 10; p = 0 gives Steck 2019, eq. 8.
        float dropped = options.Dropout / (1 - options.Dropout);
        for (int item = 0; item < n; item++)
        {
            ref float diagonal = ref p[item * n + item];
            diagonal += options.Regularization + dropped * diagonal;
        }

        SpdInverse.Invert(p, n, threads, stop);

        // B = I - P diagMat(1 / diag(P)), with a zero diagonal. The constant 1 / (1 - p) keeps the scores' scale.
        float scale = 1 / (1 - options.Dropout);
        float[] factors = ItemScales(matrix, options.ItemNormalization);
        for (int item = 0; item < n; item++)
        {
            factors[item] *= -scale / p[item * n + item];
        }

        for (int item = 0; item < n; item++)
        {
            Span<float> row = p.AsSpan(item * n, n);
            System.Numerics.Tensors.TensorPrimitives.Multiply(row, factors, row);
            row[item] = 0;
        }

        return new Ease(PackedMatrix.Of(p, n), options.UseValues, options.Dropout > 0, options.HasSideInformation);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Ease Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "ease");
        int items = ModelFile.ReadCount(reader, "ease");
        int flags = ModelFile.ReadCount(reader, "ease");
        ushort[] weights = ModelFile.ReadArray<ushort>(reader, "ease");
        ModelFile.Check(
            weights.Length == (long)items * items, "ease", $"it holds {weights.Length} weights for {items} items");
        foreach (ushort weight in weights)
        {
            ModelFile.Check(float.IsFinite(PackedMatrix.Unpack(weight)), "ease", "it holds a weight that is not finite");
        }

        return new Ease(PackedMatrix.OfCells(weights, items), (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(_weights.Width);
        writer.Write((_useValues ? 1 : 0) | (HasDropout ? 2 : 0) | (HasSideInformation ? 4 : 0));
        writer.WriteArray<ushort>(_weights.ToArray());
    }

    /// <summary>What an item of the history adds to a candidate's score, before its value: B_from,to.</summary>
    public float Weight(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)to, (uint)_weights.Width, nameof(to));
        return _weights[from, to];
    }

    /// <summary>
    /// What the model says of every item when each item of the history counts alike, and when it counts by its value.
    /// </summary>
    /// <remarks>Both come from one reading of the weights, and are kept for the request.</remarks>
    internal void Both(RetrievalContext context, out ReadOnlySpan<float> alike, out ReadOnlySpan<float> valued)
    {
        ReadOnlySpan<float> scores = AllScores(context);
        ReadOnlySpan<float> others = context.Kept(_otherScores);
        alike = _useValues ? others : scores;
        valued = _useValues ? scores : others;
    }

    /// <summary>What each item's scores are multiplied by: (interactions / mean interactions)^-exponent.</summary>
    private static float[] ItemScales(InteractionMatrix matrix, float exponent)
    {
        float[] counts = new float[matrix.Columns];
        foreach (int item in matrix.Indices)
        {
            counts[item]++;
        }

        // An item without interactions has no weights to scale, but side information may give it some: it counts as one.
        float mean = Math.Max(1, (float)matrix.Count / Math.Max(1, counts.Length));
        for (int item = 0; item < counts.Length; item++)
        {
            counts[item] = exponent == 0 ? 1 : MathF.Pow(Math.Max(1, counts[item]) / mean, -exponent);
        }

        return counts;
    }

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        Profile profile = context.Profile;
        Span<float> others = context.Keep(_otherScores);
        RowSums.Add(
            _weights, profile.Items, profile.Values, _useValues ? others : scores, _useValues ? scores : others);
    }
}
