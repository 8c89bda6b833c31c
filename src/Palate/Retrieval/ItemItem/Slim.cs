using System.Buffers;
using System.Numerics.Tensors;

namespace Palate;

/// <summary>A sparse linear model between items with weights that are never negative.</summary>
/// <remarks>
/// Ning and Karypis 2011, "SLIM: Sparse Linear Methods for Top-N Recommender Systems": for each target item j, minimise
/// 1/2 |a_j - A w|^2 + l2/2 |w|^2 + l1 |w|_1 over w >= 0 with w_j = 0, by coordinate descent on the Gram matrix A'A
/// (Friedman, Hastie and Tibshirani 2010, covariance updates). Fitting needs items x items x 4 bytes; the model does
/// not. Immutable after the fit.
/// </remarks>
public sealed class Slim : DenseSource
{
    private const int Magic = 0x314D4C53;
    private readonly NeighbourLists _lists;
    private readonly bool _useValues;

    private Slim(NeighbourLists lists, bool useValues)
    {
        _lists = lists;
        _useValues = useValues;
    }

    /// <summary>The sparse item-item model as a kind of source.</summary>
    internal static SourceKind Kind { get; } = SourceKind.Of(
        "slim",
        SourceRole.History,
        all => all.Slim,
        (fit, own) => fit.IsDense ? Fit(fit.Matrix, own, fit.Stop) : null,
        Load,
        (source, writer) => source.Save(writer));

    /// <inheritdoc/>
    public override string Name => "slim";

    /// <summary>Fits the model.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits, or the catalog is too large.</exception>
    public static Slim Fit(InteractionMatrix matrix, SlimOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int threads = Workers.Resolve(options.Threads);
        int n = matrix.Columns;
        float[] gram = Gram.Build(matrix, options.UseValues, Gram.UserWeights(matrix, 0), threads, stop);

        // With no negative cell anywhere a residual only shrinks as weights grow from 0, so an item that starts at or
        // below l1 never enters. Negative cells void that, and then all items are candidates.
        bool screened = !(options.UseValues && matrix.Values.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue));
        NeighbourLists lists = NeighbourLists.Build(
            n,
            options.Neighbours,
            threads,
            (target, weights) => Descend(gram, n, target, screened, options, weights),
            stop);
        return new Slim(lists, options.UseValues);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Slim Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ModelFile.ReadMagic(reader, Magic, "slim");
        bool useValues = ModelFile.ReadCount(reader, "slim") != 0;
        return new Slim(NeighbourLists.Load(reader, "slim"), useValues);
    }

    /// <summary>Writes the model to a generation.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(_useValues ? 1 : 0);
        _lists.Save(writer);
    }

    /// <summary>What an item of the history adds to a candidate's score, before its value.</summary>
    public float Weight(int from, int to) => _lists.Weight(from, to);

    /// <inheritdoc/>
    protected override void ScoreAll(RetrievalContext context, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        Profile profile = context.Profile;
        _lists.AddScores(profile.Items, _useValues ? profile.Values : default, scores);
    }

    private static void Descend(
        float[] gram, int n, int target, bool screened, SlimOptions options, Span<float> w)
    {
        // residual [i] = a_i'(a_target - A w): what is left to explain, seen from item i.
        float[] residual = ArrayPool<float>.Shared.Rent(n);
        Span<float> all = residual.AsSpan(0, n);
        gram.AsSpan(target * n, n).CopyTo(all);
        var candidates = new List<int>();
        for (int item = 0; item < n; item++)
        {
            if (item != target && gram[item * n + item] > 0 && (!screened || all[item] > options.L1))
            {
                candidates.Add(item);
            }
        }

        // One pass over all candidates finds the items in use; these settle among themselves, on their own small Gram
        // matrix that stays in the cache; then another pass sees whether more enter.
        int passes = 0;
        while (passes++ < options.MaxPasses && Pass(gram, n, candidates, options, all, w) > options.Tolerance)
        {
            passes += Settle(gram, n, candidates, options, passes, all, w);
        }

        ArrayPool<float>.Shared.Return(residual);
    }

    /// <summary>Descends over the items with a weight until they settle; returns how many passes that took.</summary>
    private static int Settle(
        float[] gram, int n, List<int> candidates, SlimOptions options, int passes, Span<float> residual, Span<float> w)
    {
        var inUse = new List<int>();
        foreach (int item in candidates)
        {
            if (w[item] > 0)
            {
                inUse.Add(item);
            }
        }

        // Gather.
        int m = inUse.Count;
        float[] rented = ArrayPool<float>.Shared.Rent(m * m + 2 * m);
        Span<float> small = rented.AsSpan(0, m * m);
        Span<float> rest = rented.AsSpan(m * m, m);
        Span<float> weights = rented.AsSpan(m * m + m, m);
        var items = new List<int>(m);
        for (int a = 0; a < m; a++)
        {
            items.Add(a);
            int row = inUse[a] * n;
            rest[a] = residual[inUse[a]];
            weights[a] = w[inUse[a]];
            for (int b = 0; b < m; b++)
            {
                small[a * m + b] = gram[row + inUse[b]];
            }
        }

        int taken = 0;
        while (passes + taken < options.MaxPasses)
        {
            taken++;
            if (Pass(small, m, items, options, rest, weights) <= options.Tolerance)
            {
                break;
            }
        }

        // Scatter.
        for (int a = 0; a < m; a++)
        {
            int item = inUse[a];
            float change = weights[a] - w[item];
            if (change != 0)
            {
                w[item] = weights[a];
                TensorPrimitives.MultiplyAdd(gram.AsSpan(item * n, n), -change, residual, residual);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        return taken;
    }

    /// <summary>One pass of coordinate descent over some items; returns the largest change of a weight.</summary>
    private static float Pass(
        ReadOnlySpan<float> gram, int n, List<int> items, SlimOptions options, Span<float> residual, Span<float> w)
    {
        float largest = 0;
        foreach (int item in items)
        {
            float diagonal = gram[item * n + item];
            float wanted = (residual[item] + diagonal * w[item] - options.L1) / (diagonal + options.L2);
            float change = MathF.Max(0, wanted) - w[item];
            if (change != 0)
            {
                w[item] += change;
                TensorPrimitives.MultiplyAdd(gram.Slice(item * n, n), -change, residual, residual);
                largest = MathF.Max(largest, MathF.Abs(change));
            }
        }

        return largest;
    }
}
