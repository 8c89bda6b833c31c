using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Inner products of one query with many rows, and the rows of the greatest ones.</summary>
/// <remarks>
/// Eight rows at a time, so that the query is loaded once per eight and eight independent sums hide the latency of the
/// multiply-add; the eight results come out as one vector, which is compared with the running threshold at once. The
/// time goes to reading the rows from memory. Without AVX2 and FMA a portable twin does the same, row by row.
/// </remarks>
internal static unsafe class VectorScan
{
    private const int Block = 8;

    /// <summary>Writes the allowed items of the greatest inner products, best first; returns how many.</summary>
    /// <param name="query">Finite, as long as a row.</param>
    /// <param name="vectors">The rows.</param>
    /// <param name="filter">Which items count.</param>
    /// <param name="destination">Receives at most its own length.</param>
    /// <param name="workers">On how many threads; the result is the same for every number.</param>
    public static int Select(
        float[] query, ItemVectors vectors, ItemFilter filter, Span<ScoredItem> destination, int workers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, vectors.Dimensions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, vectors.Count);
        RejectNotFinite(query);
        int count = vectors.Count;
        if (destination.IsEmpty || count == 0)
        {
            return 0;
        }

        int keep = Math.Min(destination.Length, count);
        using var best = new BestReservoir(keep);
        if (workers <= 1)
        {
            Scan(query, vectors, filter, 0, count, best);
        }
        else
        {
            int rowsPerWorker = ((count / workers) + Block) & ~(Block - 1);
            BestReservoir[] own = new BestReservoir[workers];
            Parallel.For(0, workers, worker =>
            {
                own[worker] = new BestReservoir(keep);
                int start = (int)Math.Min((long)worker * rowsPerWorker, count);
                Scan(query, vectors, filter, start, (int)Math.Min((long)start + rowsPerWorker, count), own[worker]);
            });
            foreach (BestReservoir reservoir in own)
            {
                best.Merge(reservoir);
                reservoir.Dispose();
            }
        }

        return best.Finish(destination);
    }

    /// <summary>Writes the inner product of the query with each row.</summary>
    /// <param name="query">As long as a row.</param>
    /// <param name="rows">Row-major [scores.Length, query.Length].</param>
    /// <param name="scores">Receives one number per row, with the same bits as <see cref="Dot"/>.</param>
    public static void Scores(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
    {
        int width = query.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, scores.Length * width);
        int row = 0;
        if (IsVectorised)
        {
            fixed (float* q = query, first = rows, target = scores)
            {
                for (; row + Block <= scores.Length; row += Block)
                {
                    Dot8(q, first + (nint)row * width, width).Store(target + row);
                }
            }
        }

        for (; row < scores.Length; row++)
        {
            scores[row] = Dot(query, rows.Slice(row * width, width));
        }
    }

    /// <summary>The inner product of two vectors, with the same bits as the scan gives it.</summary>
    public static float Dot(ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, query.Length);
        if (!IsVectorised)
        {
            return TensorPrimitives.Dot(query, row);
        }

        ref float q = ref MemoryMarshal.GetReference(query);
        ref float r = ref MemoryMarshal.GetReference(row);
        Vector256<float> sum = Vector256<float>.Zero;
        int d = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> wide = Vector512<float>.Zero;
            for (; d + 16 <= query.Length; d += 16)
            {
                wide = Vector512.FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref q, (nuint)d), Vector512.LoadUnsafe(ref r, (nuint)d), wide);
            }

            sum = Fold(wide);
        }

        for (; d + 8 <= query.Length; d += 8)
        {
            sum = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref q, (nuint)d), Vector256.LoadUnsafe(ref r, (nuint)d), sum);
        }

        if (d < query.Length)
        {
            fixed (float* qTail = query, rTail = row)
            {
                Vector256<float> mask = TailMask(query.Length - d);
                sum = Fma.MultiplyAdd(Avx.MaskLoad(qTail + d, mask), Avx.MaskLoad(rTail + d, mask), sum);
            }
        }

        // The order in which Dot8 adds the eight lanes.
        float lower = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        float upper = (sum[4] + sum[5]) + (sum[6] + sum[7]);
        return lower + upper;
    }

    internal static bool IsVectorised => Avx2.IsSupported && Fma.IsSupported;

    internal static void RejectNotFinite(ReadOnlySpan<float> query)
    {
        if (!TensorPrimitives.IsFiniteAll(query))
        {
            throw new ArgumentException("The query vector holds NaN or infinity; it must be finite.", nameof(query));
        }
    }

    private static void Scan(
        float[] query, ItemVectors vectors, ItemFilter filter, int start, int end, BestReservoir best)
    {
        int width = query.Length;
        int row = start;
        if (IsVectorised)
        {
            ReadOnlySpan<ulong> blocked = filter.Blocked;
            Vector256<float> threshold = Vector256.Create(best.Threshold);
            fixed (float* q = query, first = vectors.Data)
            {
                for (; row + Block <= end; row += Block)
                {
                    // Rows start at multiples of eight, so their bits lie in one byte of the filter.
                    uint hidden = (byte)(blocked[row >> 6] >> (row & 63));
                    if (hidden == 0xFF)
                    {
                        continue;
                    }

                    Vector256<float> scores = Dot8(q, first + (nint)row * width, width);
                    uint passing = Vector256.GreaterThan(scores, threshold).ExtractMostSignificantBits() & ~hidden;
                    if (passing != 0)
                    {
                        threshold = Vector256.Create(Offer(best, row, scores, passing));
                    }
                }
            }
        }

        for (; row < end; row++)
        {
            float score = filter.Allows(row) ? Dot(query, vectors[row]) : float.NegativeInfinity;
            if (score > best.Threshold)
            {
                best.Offer(row, score);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Offer(BestReservoir best, int row, Vector256<float> scores, uint passing)
    {
        for (; passing != 0; passing &= passing - 1)
        {
            int lane = System.Numerics.BitOperations.TrailingZeroCount(passing);
            if (scores[lane] > best.Threshold)
            {
                best.Offer(row + lane, scores[lane]);
            }
        }

        return best.Threshold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Dot8(float* q, float* rows, int width)
    {
        float* r0 = rows;
        float* r1 = r0 + width;
        float* r2 = r1 + width;
        float* r3 = r2 + width;
        float* r4 = r3 + width;
        float* r5 = r4 + width;
        float* r6 = r5 + width;
        float* r7 = r6 + width;
        Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        int d = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> w0 = Vector512<float>.Zero, w1 = w0, w2 = w0, w3 = w0, w4 = w0, w5 = w0, w6 = w0, w7 = w0;
            for (; d + 16 <= width; d += 16)
            {
                Vector512<float> x = Vector512.Load(q + d);
                w0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r0 + d), w0);
                w1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r1 + d), w1);
                w2 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r2 + d), w2);
                w3 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r3 + d), w3);
                w4 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r4 + d), w4);
                w5 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r5 + d), w5);
                w6 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r6 + d), w6);
                w7 = Vector512.FusedMultiplyAdd(x, Vector512.Load(r7 + d), w7);
            }

            (s0, s1, s2, s3) = (Fold(w0), Fold(w1), Fold(w2), Fold(w3));
            (s4, s5, s6, s7) = (Fold(w4), Fold(w5), Fold(w6), Fold(w7));
        }

        for (; d + 8 <= width; d += 8)
        {
            Vector256<float> x = Vector256.Load(q + d);
            s0 = Fma.MultiplyAdd(x, Vector256.Load(r0 + d), s0);
            s1 = Fma.MultiplyAdd(x, Vector256.Load(r1 + d), s1);
            s2 = Fma.MultiplyAdd(x, Vector256.Load(r2 + d), s2);
            s3 = Fma.MultiplyAdd(x, Vector256.Load(r3 + d), s3);
            s4 = Fma.MultiplyAdd(x, Vector256.Load(r4 + d), s4);
            s5 = Fma.MultiplyAdd(x, Vector256.Load(r5 + d), s5);
            s6 = Fma.MultiplyAdd(x, Vector256.Load(r6 + d), s6);
            s7 = Fma.MultiplyAdd(x, Vector256.Load(r7 + d), s7);
        }

        if (d < width)
        {
            Vector256<float> mask = TailMask(width - d);
            Vector256<float> x = Avx.MaskLoad(q + d, mask);
            s0 = Fma.MultiplyAdd(x, Avx.MaskLoad(r0 + d, mask), s0);
            s1 = Fma.MultiplyAdd(x, Avx.MaskLoad(r1 + d, mask), s1);
            s2 = Fma.MultiplyAdd(x, Avx.MaskLoad(r2 + d, mask), s2);
            s3 = Fma.MultiplyAdd(x, Avx.MaskLoad(r3 + d, mask), s3);
            s4 = Fma.MultiplyAdd(x, Avx.MaskLoad(r4 + d, mask), s4);
            s5 = Fma.MultiplyAdd(x, Avx.MaskLoad(r5 + d, mask), s5);
            s6 = Fma.MultiplyAdd(x, Avx.MaskLoad(r6 + d, mask), s6);
            s7 = Fma.MultiplyAdd(x, Avx.MaskLoad(r7 + d, mask), s7);
        }

        return SumEach(s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// <summary>The sum of each of eight vectors, one per lane.</summary>
    /// <remarks>
    /// Each horizontal add sums neighbours within 128 bits; three levels leave one vector's sum per lane.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> SumEach(
        Vector256<float> s0,
        Vector256<float> s1,
        Vector256<float> s2,
        Vector256<float> s3,
        Vector256<float> s4,
        Vector256<float> s5,
        Vector256<float> s6,
        Vector256<float> s7)
    {
        Vector256<float> t01 = Avx.HorizontalAdd(s0, s1);
        Vector256<float> t23 = Avx.HorizontalAdd(s2, s3);
        Vector256<float> t45 = Avx.HorizontalAdd(s4, s5);
        Vector256<float> t67 = Avx.HorizontalAdd(s6, s7);
        Vector256<float> low = Avx.HorizontalAdd(t01, t23);
        Vector256<float> high = Avx.HorizontalAdd(t45, t67);
        return Avx.Permute2x128(low, high, 0x20) + Avx.Permute2x128(low, high, 0x31);
    }

    /// <summary>Both halves, added.</summary>
    internal static Vector256<float> Fold(Vector512<float> sums) => sums.GetLower() + sums.GetUpper();

    private static Vector256<float> TailMask(int length) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(length)).AsSingle();
}
