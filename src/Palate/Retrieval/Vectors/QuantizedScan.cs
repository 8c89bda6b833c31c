using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>The rows of the greatest inner products, found through 8-bit copies of the rows and checked exactly.</summary>
/// <remarks>
/// <para>
/// A row v is stored as v ~ s x with whole x in -127 .. 127 and s = max |v| / 127, the query as q ~ t y likewise. Then
/// q.v lies within s C of s t (x.y), where C = |q| r + |q - t y| n with r the greatest |v - s x| / s and n the greatest
/// |x| of all rows (Cauchy and Schwarz, once per half of the error). Rows whose upper bound stays below the k-th
/// greatest lower bound cannot be among the best k; the others, some hundreds, are scored in single precision. So the
/// result is that of <see cref="VectorScan"/> to the bit, for a quarter of the memory traffic.
/// </para>
/// <para>
/// Layout: 8 rows form a block; within it, for each 4 dimensions, 8 rows x 4 bytes side by side, so that one
/// multiply-add of bytes advances 8 rows and no sum across lanes is needed. Bytes hold x + 128, which the instruction
/// wants unsigned; 128 times the sum of y is taken off at the start. Immutable, safe to use from any thread.
/// </para>
/// </remarks>
internal sealed unsafe partial class QuantizedScan
{
    private const int Lanes = 8;

    // Rows per step: four blocks share each load of the query and hide the latency of the multiply-add.
    public const int Step = 4 * Lanes;

    private readonly ItemVectors _vectors;

    // The item at each place, -1 for none; null when place and item are the same.
    private readonly int[]? _order;
    private readonly int _groups;
    private readonly byte[] _codes;
    private readonly float[] _scales;
    private readonly float _rowError;
    private readonly float _rowNorm;

    /// <summary>Makes the 8-bit copies.</summary>
    /// <param name="vectors">The rows.</param>
    /// <param name="order">
    /// Which item stands at each place, -1 for none, as many places as a multiple of <see cref="Step"/>; null for item order.
    /// </param>
    public QuantizedScan(ItemVectors vectors, int[]? order = null)
    {
        _vectors = vectors;
        _order = order;
        int rows = order?.Length ?? vectors.Count;
        _groups = (vectors.Dimensions + 3) / 4;
        Steps = (rows + Step - 1) / Step;
        _codes = new byte[checked((long)Steps * Step * _groups * 4)];
        _scales = new float[Steps * Step];
        float[] errors = new float[Steps];
        float[] norms = new float[Steps];
        Parallel.For(0, Steps, step =>
        {
            float[] scratch = new float[2 * vectors.Dimensions];
            int end = Math.Min((step + 1) * Step, rows);
            for (int row = step * Step; row < end; row++)
            {
                int item = order is null ? row : order[row];
                if (item >= 0)
                {
                    (float error, float norm) = Encode(row, item, scratch);
                    errors[step] = Math.Max(errors[step], error);
                    norms[step] = Math.Max(norms[step], norm);
                }
            }
        });
        _rowError = rows == 0 ? 0 : TensorPrimitives.Max<float>(errors);
        _rowNorm = rows == 0 ? 0 : TensorPrimitives.Max<float>(norms);
    }

    /// <summary>How many steps there are.</summary>
    public int Steps { get; }

    /// <summary>Which instructions do the work.</summary>
    internal enum Kernel
    {
        /// <summary>The best that the processor has.</summary>
        Best,

        /// <summary>Any processor.</summary>
        Portable,

        /// <summary>AVX2.</summary>
        Avx2,

        /// <summary>AVX-VNNI.</summary>
        Vnni,
    }

    /// <summary>Writes the allowed items of the greatest inner products, best first; returns how many.</summary>
    /// <param name="query">Finite, as long as a row.</param>
    /// <param name="filter">Which items count.</param>
    /// <param name="destination">Receives at most its own length.</param>
    /// <param name="workers">On how many threads; the result is the same for every number.</param>
    /// <param name="kernel">For tests and benchmarks; the result is the same for each.</param>
    public int Select(
        float[] query,
        ItemFilter filter,
        Span<ScoredItem> destination,
        int workers = 1,
        Kernel kernel = Kernel.Best) => Select(query, filter, destination, workers, kernel, out _);

    /// <summary>The same, and how many rows had to be scored exactly.</summary>
    public int Select(
        float[] query, ItemFilter filter, Span<ScoredItem> destination, int workers, Kernel kernel, out int rescored)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, _vectors.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, _vectors.Count);
        VectorScan.RejectNotFinite(query);
        rescored = 0;
        if (destination.IsEmpty || _vectors.Count == 0)
        {
            return 0;
        }

        int keep = Math.Min(destination.Length, _vectors.Count);
        Query encoded = EncodeQuery(query);
        var candidates = new ScoreBounds[Math.Clamp(workers, 1, Steps)];
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = candidates.Length }, worker =>
        {
            candidates[worker] = new ScoreBounds(keep, isAscending: _order is null);
            int first = (int)((long)Steps * worker / candidates.Length);
            int end = (int)((long)Steps * (worker + 1) / candidates.Length);
            Scan(encoded, filter, first, end, candidates[worker], kernel);
        });
        return Rank(query, candidates, destination, out rescored);
    }

    /// <summary>Scores the candidates that are left exactly and writes the best of them.</summary>
    public int Rank(float[] query, ScoreBounds[] candidates, Span<ScoredItem> destination, out int rescored)
    {
        float threshold = float.NegativeInfinity;
        foreach (ScoreBounds own in candidates)
        {
            own.Cut();
            threshold = Math.Max(threshold, own.Threshold);
        }

        List<int> items = [];
        foreach (ScoreBounds own in candidates)
        {
            own.AddTo(items, threshold);
        }

        if (_order is not null)
        {
            items.Sort();
        }

        rescored = items.Count;
        using var best = new BestReservoir(Math.Min(destination.Length, _vectors.Count));
        foreach (int item in items)
        {
            float score = VectorScan.Dot(query, _vectors[item]);
            if (score > best.Threshold)
            {
                best.Offer(item, score);
            }
        }

        return best.Finish(destination);
    }

    private static Kernel BestKernel =>
        AvxVnni.IsSupported ? Kernel.Vnni : Avx2.IsSupported ? Kernel.Avx2 : Kernel.Portable;

    // Writes the codes of a row; returns its error and length in units of its scale.
    private (float Error, float Norm) Encode(int row, int item, float[] scratch)
    {
        ReadOnlySpan<float> vector = _vectors[item];
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude(vector)) / 127;
        _scales[row] = scale;
        Span<float> exact = scratch.AsSpan(0, vector.Length);
        Span<float> whole = scratch.AsSpan(vector.Length);
        if (scale > 0)
        {
            TensorPrimitives.Divide(vector, scale, exact);
        }
        else
        {
            exact.Clear();
        }

        TensorPrimitives.Round(exact, whole);
        int first = row / Lanes * (Lanes * _groups * 4);
        Span<byte> block = _codes.AsSpan(first + row % Lanes * 4, (_groups - 1) * Lanes * 4 + 4);
        for (int d = 0; d < whole.Length; d++)
        {
            block[d / 4 * Lanes * 4 + d % 4] = (byte)((int)whole[d] + 128);
        }

        return (TensorPrimitives.Distance<float>(exact, whole), TensorPrimitives.Norm<float>(whole));
    }

    /// <summary>The query in whole numbers.</summary>
    public Query EncodeQuery(float[] query)
    {
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude<float>(query)) / 127;
        int[] words = new int[_groups];
        int sum = 0;
        double error = 0;
        for (int d = 0; d < query.Length; d++)
        {
            float exact = scale > 0 ? query[d] / scale : 0;
            int y = (int)MathF.Round(exact);
            error += (exact - y) * (exact - y);
            sum += y;
            words[d / 4] |= (byte)(sbyte)y << (d % 4 * 8);
        }

        // The last term covers the rounding of single precision, here and in the exact score.
        double length = TensorPrimitives.Norm<float>(query);
        double slack = length * _rowError
            + scale * Math.Sqrt(error) * _rowNorm
            + length * (_rowNorm + _rowError) * (query.Length + 16) * 1.2e-7;
        return new Query(words, -128 * sum, scale, (float)slack);
    }

    /// <summary>Offers the rows of some steps to the bounds.</summary>
    public void Scan(
        Query query, ItemFilter filter, int firstStep, int endStep, ScoreBounds bounds, Kernel kernel = Kernel.Best)
    {
        switch (kernel == Kernel.Best ? BestKernel : kernel)
        {
            case Kernel.Vnni:
                Scan<VnniKernel>(query, filter, firstStep, endStep, bounds);
                break;
            case Kernel.Avx2:
                Scan<Avx2Kernel>(query, filter, firstStep, endStep, bounds);
                break;
            default:
                Scan<PortableKernel>(query, filter, firstStep, endStep, bounds);
                break;
        }
    }

    private void Scan<TKernel>(Query query, ItemFilter filter, int firstStep, int endStep, ScoreBounds bounds)
        where TKernel : struct, IKernel
    {
        ReadOnlySpan<ulong> blocked = filter.Blocked;
        Vector256<int> start = Vector256.Create(query.Start);
        Vector256<float> unit = Vector256.Create(query.Scale);
        Vector256<float> slack = Vector256.Create(query.Slack);
        Vector256<float> limit = Vector256.Create(bounds.Limit);
        float* upper = stackalloc float[Step];
        int blockBytes = _groups * Lanes * 4;
        fixed (byte* codes = _codes)
        fixed (float* scales = _scales)
        fixed (int* words = query.Words)
        {
            for (int step = firstStep; step < endStep; step++)
            {
                int row = step * Step;
                uint hidden = _order is null ? HiddenRows(blocked, row, filter.Count) : 0;
                if (hidden == uint.MaxValue)
                {
                    continue;
                }

                byte* c0 = codes + (nint)row * _groups * 4;
                byte* c1 = c0 + blockBytes;
                byte* c2 = c1 + blockBytes;
                byte* c3 = c2 + blockBytes;
                Vector256<int> s0 = start, s1 = start, s2 = start, s3 = start;
                for (int g = 0; g < _groups; g++)
                {
                    Vector256<int> word = Vector256.Create(words[g]);
                    int at = g * Lanes * 4;
                    s0 = TKernel.Add(s0, Vector256.Load(c0 + at), word);
                    s1 = TKernel.Add(s1, Vector256.Load(c1 + at), word);
                    s2 = TKernel.Add(s2, Vector256.Load(c2 + at), word);
                    s3 = TKernel.Add(s3, Vector256.Load(c3 + at), word);
                }

                // upper = s (t (x.y) + C)
                Vector256<float> u0 = Bound(s0, unit, slack, scales + row);
                Vector256<float> u1 = Bound(s1, unit, slack, scales + row + Lanes);
                Vector256<float> u2 = Bound(s2, unit, slack, scales + row + 2 * Lanes);
                Vector256<float> u3 = Bound(s3, unit, slack, scales + row + 3 * Lanes);
                uint passing = Vector256.GreaterThan(u0, limit).ExtractMostSignificantBits()
                    | Vector256.GreaterThan(u1, limit).ExtractMostSignificantBits() << 8
                    | Vector256.GreaterThan(u2, limit).ExtractMostSignificantBits() << 16
                    | Vector256.GreaterThan(u3, limit).ExtractMostSignificantBits() << 24;
                passing &= ~hidden;
                if (passing != 0)
                {
                    u0.Store(upper);
                    u1.Store(upper + Lanes);
                    u2.Store(upper + 2 * Lanes);
                    u3.Store(upper + 3 * Lanes);
                    limit = Vector256.Create(Offer(bounds, filter, row, passing, upper, 2 * query.Slack));
                }
            }
        }
    }

    private static uint HiddenRows(ReadOnlySpan<ulong> blocked, int row, int count)
    {
        uint hidden = (uint)(blocked[row >> 6] >> (row & 63));
        return count - row < Step ? hidden | (uint.MaxValue << (count - row)) : hidden;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bound(
        Vector256<int> sums, Vector256<float> unit, Vector256<float> slack, float* scales) =>
        Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(sums), unit, slack) * Vector256.Load(scales);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private float Offer(ScoreBounds bounds, ItemFilter filter, int row, uint passing, float* upper, float width)
    {
        for (; passing != 0; passing &= passing - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passing);
            int item = row + lane;
            if (_order is not null)
            {
                item = _order[item];
                if (item < 0 || !filter.Allows(item))
                {
                    continue;
                }
            }

            bounds.Offer(item, upper[lane], upper[lane] - width * _scales[row + lane]);
        }

        return bounds.Limit;
    }

    /// <summary>A query in whole numbers.</summary>
    /// <param name="Words">y, four signed bytes per word.</param>
    /// <param name="Start">What takes the rows' offset of 128 off again.</param>
    /// <param name="Scale">t.</param>
    /// <param name="Slack">C.</param>
    internal sealed record Query(int[] Words, int Start, float Scale, float Slack);
}
