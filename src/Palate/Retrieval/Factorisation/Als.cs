namespace Palate;

/// <summary>Matrix factorization for implicit feedback by alternating least squares.</summary>
/// <remarks>
/// Minimises the sum over all cells of w (p - x'y)^2 plus the penalty, with target p = 1 and w = w0 + alpha r where
/// something was observed, and p = 0 and w = w0 elsewhere (Hu, Koren and Volinsky 2008; w0 = 1 there). The same seed
/// gives the same model on one machine, whatever the number of threads. Immutable after the fit.
/// </remarks>
public sealed class Als : DenseSource
{
    private const int Magic = 0x31534C41;
    private const float InitialDeviation = 0.1f;

    // Row r of either side is at r * Width .. r * Width + Factors; the rest of a row is 0.
    private readonly ReadOnlyMemory<float> _userFactors;
    private readonly ReadOnlyMemory<float> _itemFactors;
    private readonly AlsOptions _options;
    private readonly AlsSystem _itemSystem;

    private Als(ReadOnlyMemory<float> userFactors, ReadOnlyMemory<float> itemFactors, AlsOptions options)
    {
        _userFactors = userFactors;
        _itemFactors = itemFactors;
        _options = options;
        Width = AlsSystem.WidthOf(options.Factors);
        Users = userFactors.Length / Width;
        Items = itemFactors.Length / Width;
        _itemSystem = new AlsSystem(itemFactors, Items, options, Workers.Resolve(options.Threads), default);
    }

    /// <summary>Matrix factorisation as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "als",
        SourceRole.History,
        all => all.Als,
        (fit, own) => Fit(fit.Matrix, own, fit.Stop),
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "als";

    /// <summary>Numbers per user and item.</summary>
    public int Factors => _options.Factors;

    /// <summary>
    /// The distance between two rows of factors: <see cref="Factors"/> rounded up to a multiple of 16.
    /// </summary>
    public int Width { get; }

    /// <summary>How many users were trained on.</summary>
    public int Users { get; }

    /// <summary>How many items were trained on.</summary>
    public int Items { get; }

    /// <summary>users x <see cref="Width"/>, row-major; what is beyond <see cref="Factors"/> is 0.</summary>
    public ReadOnlySpan<float> UserFactors => _userFactors.Span;

    /// <summary>items x <see cref="Width"/>, row-major; what is beyond <see cref="Factors"/> is 0.</summary>
    public ReadOnlySpan<float> ItemFactors => _itemFactors.Span;

    /// <summary>Fits a model from random factors.</summary>
    /// <param name="matrix">Users x items.</param>
    /// <param name="options">The options; the model keeps a copy.</param>
    /// <param name="stop">Cancels between pieces of work.</param>
    public static Als Fit(InteractionMatrix matrix, AlsOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int width = AlsSystem.WidthOf(options.Factors);
        Memory<float> users = AlignedMemory.Allocate(matrix.Rows * width);
        Randomize(users.Span, width, options);
        Memory<float> items = AlignedMemory.Allocate(matrix.Columns * width);
        return Alternate(matrix, users, items, options, options.Iterations, stop);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Als Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "als");
        var options = new AlsOptions
        {
            Factors = ModelFile.ReadInt32(reader, "als"),
            Regularization = ModelFile.ReadSingle(reader, "als"),
            RegularizationKind = (AlsRegularization)ModelFile.ReadInt32(reader, "als"),
            FrequencyExponent = ModelFile.ReadSingle(reader, "als"),
            Alpha = ModelFile.ReadSingle(reader, "als"),
            UnobservedWeight = ModelFile.ReadSingle(reader, "als"),
            UseValues = ModelFile.ReadInt32(reader, "als") != 0,
            Iterations = ModelFile.ReadInt32(reader, "als"),
            Solver = (AlsSolver)ModelFile.ReadInt32(reader, "als"),
            ConjugateGradientSteps = ModelFile.ReadInt32(reader, "als"),
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The model file of 'als' is damaged: {e.Message}", e);
        }

        float[] users = ModelFile.ReadFinite(reader, "als");
        float[] items = ModelFile.ReadFinite(reader, "als");
        int width = AlsSystem.WidthOf(options.Factors);
        ModelFile.Check(
            users.Length % width == 0 && items.Length % width == 0,
            "als",
            $"it holds {users.Length} and {items.Length} numbers for rows of {width}");
        return new Als(
            AlignedMemory.Copy(users, users.Length), AlignedMemory.Copy(items, items.Length), options);
    }

    /// <summary>Writes the model to a generation; the seed and the threads are not part of it.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(_options.Factors);
        writer.Write(_options.Regularization);
        writer.Write((int)_options.RegularizationKind);
        writer.Write(_options.FrequencyExponent);
        writer.Write(_options.Alpha);
        writer.Write(_options.UnobservedWeight);
        writer.Write(_options.UseValues ? 1 : 0);
        writer.Write(_options.Iterations);
        writer.Write((int)_options.Solver);
        writer.Write(_options.ConjugateGradientSteps);
        writer.WriteArray(_userFactors.Span);
        writer.WriteArray(_itemFactors.Span);
    }

    /// <summary>The factors that training would give a user with this history, the items' factors held fixed.</summary>
    /// <returns><see cref="Factors"/> numbers; all 0 for an empty history.</returns>
    public float[] FoldIn(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        float[] user = new float[Width];
        if (!profile.Items.IsEmpty)
        {
            _itemSystem.SolveExactly(profile.Items, AlsSystem.Weights(profile.Values, _options), user);
        }

        return user[..Factors];
    }

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, Items);
        Profile profile = context.Profile;
        Span<float> folded = stackalloc float[Width];
        ReadOnlySpan<float> user = folded;
        if (profile.IsTrained && profile.User >= 0 && profile.User < Users)
        {
            user = _userFactors.Span.Slice(profile.User * Width, Width);
        }
        else
        {
            folded.Clear();
            _itemSystem.SolveExactly(profile.Items, AlsSystem.Weights(profile.Values, _options), folded);
        }

        // scores [items] = Y [items, width] x [width]
        VectorScan.Scores(user, _itemFactors.Span, scores);
    }

    private static Als Alternate(
        InteractionMatrix matrix,
        Memory<float> users,
        Memory<float> items,
        AlsOptions options,
        int iterations,
        CancellationToken stop)
    {
        options = options.Copy();
        int threads = Workers.Resolve(options.Threads);
        InteractionMatrix byItem = matrix.Transpose();
        float[] userWeights = AlsSystem.Weights(matrix.Values, options);
        float[] itemWeights = AlsSystem.Weights(byItem.Values, options);

        // Users come last, so that a stored user is what folding the same history in gives.
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            new AlsSystem(users, matrix.Rows, options, threads, stop).SolveAll(
                byItem, itemWeights, items, threads, stop);
            new AlsSystem(items, matrix.Columns, options, threads, stop).SolveAll(
                matrix, userWeights, users, threads, stop);
        }

        return new Als(users, items, options);
    }

    private static void Randomize(Span<float> factors, int width, AlsOptions options)
    {
        // Uniform, because only the spread matters and normal draws would take a tenth of the whole fit.
        var random = new SeededRandom(options.Seed);
        double range = InitialDeviation * Math.Sqrt(12.0 / options.Factors);
        for (int row = 0; row < factors.Length / width; row++)
        {
            for (int factor = 0; factor < options.Factors; factor++)
            {
                factors[row * width + factor] = (float)(range * (random.NextDouble() - 0.5));
            }
        }
    }
}
