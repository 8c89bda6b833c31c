using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>The product of one row's matrix of implicit ALS with a vector, without forming the matrix.</summary>
/// <remarks>
/// product = (G + lambda I) v + sum over the cells of (w (y'v) - t (w0 + w)) y, with y the factors of the cell's
/// column. With t = 0 that is A v; with t = 1 it is A v - b. The three paths agree up to rounding. The kernels skip tiered
/// compilation: a model is often fitted once per process.
/// </remarks>
internal static unsafe class ImplicitProduct
{
    /// <summary>Computes the product on the fastest path that this machine has for the width.</summary>
    /// <param name="gram">G [width, width].</param>
    /// <param name="factors">One row of width numbers per column.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="lambda">The penalty.</param>
    /// <param name="columns">The columns of the cells.</param>
    /// <param name="weights">w of each cell.</param>
    /// <param name="unobserved">w0.</param>
    /// <param name="target">t: 0 or 1.</param>
    /// <param name="v">The vector.</param>
    /// <param name="product">Receives the product; not the memory of <paramref name="v"/>.</param>
    public static void Apply(
        ReadOnlySpan<float> gram,
        ReadOnlySpan<float> factors,
        int width,
        float lambda,
        ReadOnlySpan<int> columns,
        ReadOnlySpan<float> weights,
        float unobserved,
        float target,
        ReadOnlySpan<float> v,
        Span<float> product)
    {
        fixed (float* gramAt = gram, factorsAt = factors, weightsAt = weights, vAt = v, productAt = product)
        fixed (int* columnsAt = columns)
        {
            if (Avx512F.IsSupported && width == 64)
            {
                Apply64(
                    gramAt,
                    factorsAt,
                    lambda,
                    columnsAt,
                    weightsAt,
                    columns.Length,
                    unobserved,
                    target,
                    vAt,
                    productAt);
                return;
            }

            if (Avx512F.IsSupported)
            {
                ApplyWide(
                    gramAt,
                    factorsAt,
                    width,
                    lambda,
                    columnsAt,
                    weightsAt,
                    columns.Length,
                    unobserved,
                    target,
                    vAt,
                    productAt);
                return;
            }
        }

        ApplyPlain(gram, factors, width, lambda, columns, weights, unobserved, target, v, product);
    }

    /// <summary>Any width, any machine; the twin that the others are tested against.</summary>
    public static void ApplyPlain(
        ReadOnlySpan<float> gram,
        ReadOnlySpan<float> factors,
        int width,
        float lambda,
        ReadOnlySpan<int> columns,
        ReadOnlySpan<float> weights,
        float unobserved,
        float target,
        ReadOnlySpan<float> v,
        Span<float> product)
    {
        TensorPrimitives.Multiply(v, lambda, product);
        for (int k = 0; k < width; k++)
        {
            TensorPrimitives.MultiplyAdd(gram.Slice(k * width, width), v[k], product, product);
        }

        for (int place = 0; place < columns.Length; place++)
        {
            ReadOnlySpan<float> y = factors.Slice(columns[place] * width, width);
            float factor = weights[place] * TensorPrimitives.Dot(y, v) - target * (unobserved + weights[place]);
            TensorPrimitives.MultiplyAdd(y, factor, product, product);
        }
    }

    /// <summary>
    /// Width 64: v and the product stay in registers, and four rows are read once for both their dot products and
    /// their share of the product. About 25 cycles for four cells where the factors are in the second-level cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply64(
        float* gram,
        float* factors,
        float lambda,
        int* columns,
        float* weights,
        int count,
        float unobserved,
        float target,
        float* v,
        float* product)
    {
        Vector512<float> v0 = Vector512.Load(v);
        Vector512<float> v1 = Vector512.Load(v + 16);
        Vector512<float> v2 = Vector512.Load(v + 32);
        Vector512<float> v3 = Vector512.Load(v + 48);

        // Two sets of sums, so that a multiply-add need not wait for the one before it.
        Vector512<float> s0 = v0 * lambda;
        Vector512<float> s1 = v1 * lambda;
        Vector512<float> s2 = v2 * lambda;
        Vector512<float> s3 = v3 * lambda;
        Vector512<float> t0 = default, t1 = default, t2 = default, t3 = default;
        for (int k = 0; k < 64; k += 2, gram += 128)
        {
            var even = Vector512.Create(v[k]);
            s0 = Vector512.FusedMultiplyAdd(even, Vector512.Load(gram), s0);
            s1 = Vector512.FusedMultiplyAdd(even, Vector512.Load(gram + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(even, Vector512.Load(gram + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(even, Vector512.Load(gram + 48), s3);
            var odd = Vector512.Create(v[k + 1]);
            t0 = Vector512.FusedMultiplyAdd(odd, Vector512.Load(gram + 64), t0);
            t1 = Vector512.FusedMultiplyAdd(odd, Vector512.Load(gram + 80), t1);
            t2 = Vector512.FusedMultiplyAdd(odd, Vector512.Load(gram + 96), t2);
            t3 = Vector512.FusedMultiplyAdd(odd, Vector512.Load(gram + 112), t3);
        }

        s0 += t0;
        s1 += t1;
        s2 += t2;
        s3 += t3;
        int place = 0;
        for (; place + 4 <= count; place += 4)
        {
            float* a = factors + (nint)columns[place] * 64;
            float* b = factors + (nint)columns[place + 1] * 64;
            float* c = factors + (nint)columns[place + 2] * 64;
            float* d = factors + (nint)columns[place + 3] * 64;
            Vector512<float> a0 = Vector512.Load(a), b0 = Vector512.Load(b);
            Vector512<float> c0 = Vector512.Load(c), d0 = Vector512.Load(d);
            Vector512<float> a1 = Vector512.Load(a + 16), b1 = Vector512.Load(b + 16);
            Vector512<float> c1 = Vector512.Load(c + 16), d1 = Vector512.Load(d + 16);
            Vector512<float> a2 = Vector512.Load(a + 32), b2 = Vector512.Load(b + 32);
            Vector512<float> c2 = Vector512.Load(c + 32), d2 = Vector512.Load(d + 32);
            Vector512<float> a3 = Vector512.Load(a + 48), b3 = Vector512.Load(b + 48);
            Vector512<float> c3 = Vector512.Load(c + 48), d3 = Vector512.Load(d + 48);
            Vector512<float> da = a0 * v0, db = b0 * v0, dc = c0 * v0, dd = d0 * v0;
            da = Vector512.FusedMultiplyAdd(a1, v1, da);
            db = Vector512.FusedMultiplyAdd(b1, v1, db);
            dc = Vector512.FusedMultiplyAdd(c1, v1, dc);
            dd = Vector512.FusedMultiplyAdd(d1, v1, dd);
            da = Vector512.FusedMultiplyAdd(a2, v2, da);
            db = Vector512.FusedMultiplyAdd(b2, v2, db);
            dc = Vector512.FusedMultiplyAdd(c2, v2, dc);
            dd = Vector512.FusedMultiplyAdd(d2, v2, dd);
            da = Vector512.FusedMultiplyAdd(a3, v3, da);
            db = Vector512.FusedMultiplyAdd(b3, v3, db);
            dc = Vector512.FusedMultiplyAdd(c3, v3, dc);
            dd = Vector512.FusedMultiplyAdd(d3, v3, dd);
            Vector512<float> factor = Factors(da, db, dc, dd, weights + place, unobserved, target);
            Vector512<float> fa = Avx512F.Permute4x32(factor, 0x00);
            Vector512<float> fb = Avx512F.Permute4x32(factor, 0x55);
            Vector512<float> fc = Avx512F.Permute4x32(factor, 0xAA);
            Vector512<float> fd = Avx512F.Permute4x32(factor, 0xFF);
            s0 = Vector512.FusedMultiplyAdd(fa, a0, s0);
            s1 = Vector512.FusedMultiplyAdd(fa, a1, s1);
            s2 = Vector512.FusedMultiplyAdd(fa, a2, s2);
            s3 = Vector512.FusedMultiplyAdd(fa, a3, s3);
            s0 = Vector512.FusedMultiplyAdd(fb, b0, s0);
            s1 = Vector512.FusedMultiplyAdd(fb, b1, s1);
            s2 = Vector512.FusedMultiplyAdd(fb, b2, s2);
            s3 = Vector512.FusedMultiplyAdd(fb, b3, s3);
            s0 = Vector512.FusedMultiplyAdd(fc, c0, s0);
            s1 = Vector512.FusedMultiplyAdd(fc, c1, s1);
            s2 = Vector512.FusedMultiplyAdd(fc, c2, s2);
            s3 = Vector512.FusedMultiplyAdd(fc, c3, s3);
            s0 = Vector512.FusedMultiplyAdd(fd, d0, s0);
            s1 = Vector512.FusedMultiplyAdd(fd, d1, s1);
            s2 = Vector512.FusedMultiplyAdd(fd, d2, s2);
            s3 = Vector512.FusedMultiplyAdd(fd, d3, s3);
        }

        for (; place < count; place++)
        {
            float* y = factors + (nint)columns[place] * 64;
            Vector512<float> y0 = Vector512.Load(y);
            Vector512<float> y1 = Vector512.Load(y + 16);
            Vector512<float> y2 = Vector512.Load(y + 32);
            Vector512<float> y3 = Vector512.Load(y + 48);
            float dot = Vector512.Sum((y0 * v0 + y1 * v1) + (y2 * v2 + y3 * v3));
            var factor = Vector512.Create(weights[place] * dot - target * (unobserved + weights[place]));
            s0 = Vector512.FusedMultiplyAdd(factor, y0, s0);
            s1 = Vector512.FusedMultiplyAdd(factor, y1, s1);
            s2 = Vector512.FusedMultiplyAdd(factor, y2, s2);
            s3 = Vector512.FusedMultiplyAdd(factor, y3, s3);
        }

        s0.Store(product);
        s1.Store(product + 16);
        s2.Store(product + 32);
        s3.Store(product + 48);
    }

    /// <summary>
    /// Any multiple of 16: as <see cref="Apply64"/>, but v and the product live in the first-level cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyWide(
        float* gram,
        float* factors,
        int width,
        float lambda,
        int* columns,
        float* weights,
        int count,
        float unobserved,
        float target,
        float* v,
        float* product)
    {
        for (int j = 0; j < width; j += 16)
        {
            Vector512<float> even = Vector512.Load(v + j) * lambda;
            Vector512<float> odd = default;
            float* at = gram + j;
            for (int k = 0; k < width; k += 2, at += 2 * width)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create(v[k]), Vector512.Load(at), even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Create(v[k + 1]), Vector512.Load(at + width), odd);
            }

            (even + odd).Store(product + j);
        }

        int place = 0;
        for (; place + 4 <= count; place += 4)
        {
            float* a = factors + (nint)columns[place] * width;
            float* b = factors + (nint)columns[place + 1] * width;
            float* c = factors + (nint)columns[place + 2] * width;
            float* d = factors + (nint)columns[place + 3] * width;
            Vector512<float> da = default, db = default, dc = default, dd = default;
            for (int j = 0; j < width; j += 16)
            {
                Vector512<float> own = Vector512.Load(v + j);
                da = Vector512.FusedMultiplyAdd(Vector512.Load(a + j), own, da);
                db = Vector512.FusedMultiplyAdd(Vector512.Load(b + j), own, db);
                dc = Vector512.FusedMultiplyAdd(Vector512.Load(c + j), own, dc);
                dd = Vector512.FusedMultiplyAdd(Vector512.Load(d + j), own, dd);
            }

            Vector512<float> factor = Factors(da, db, dc, dd, weights + place, unobserved, target);
            Vector512<float> fa = Avx512F.Permute4x32(factor, 0x00);
            Vector512<float> fb = Avx512F.Permute4x32(factor, 0x55);
            Vector512<float> fc = Avx512F.Permute4x32(factor, 0xAA);
            Vector512<float> fd = Avx512F.Permute4x32(factor, 0xFF);
            for (int j = 0; j < width; j += 16)
            {
                Vector512<float> sum = Vector512.Load(product + j);
                sum = Vector512.FusedMultiplyAdd(fa, Vector512.Load(a + j), sum);
                sum = Vector512.FusedMultiplyAdd(fb, Vector512.Load(b + j), sum);
                sum = Vector512.FusedMultiplyAdd(fc, Vector512.Load(c + j), sum);
                Vector512.FusedMultiplyAdd(fd, Vector512.Load(d + j), sum).Store(product + j);
            }
        }

        for (; place < count; place++)
        {
            float* y = factors + (nint)columns[place] * width;
            Vector512<float> dots = default;
            for (int j = 0; j < width; j += 16)
            {
                dots = Vector512.FusedMultiplyAdd(Vector512.Load(y + j), Vector512.Load(v + j), dots);
            }

            float dot = Vector512.Sum(dots);
            var factor = Vector512.Create(weights[place] * dot - target * (unobserved + weights[place]));
            for (int j = 0; j < width; j += 16)
            {
                Vector512<float> sum = Vector512.Load(product + j);
                Vector512.FusedMultiplyAdd(factor, Vector512.Load(y + j), sum).Store(product + j);
            }
        }
    }

    /// <summary>
    /// Sums each of four vectors and turns the sums into factors, repeated in all four 128-bit lanes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Factors(
        Vector512<float> a,
        Vector512<float> b,
        Vector512<float> c,
        Vector512<float> d,
        float* weights,
        float unobserved,
        float target)
    {
        // Per lane: [a b a b] and [c d c d], then [a b c d], then the lanes are added to one another.
        Vector512<double> ab = (Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b)).AsDouble();
        Vector512<double> cd = (Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d)).AsDouble();
        Vector512<float> sums = Avx512F.UnpackLow(ab, cd).AsSingle() + Avx512F.UnpackHigh(ab, cd).AsSingle();
        sums += Avx512F.Shuffle4x128(sums, sums, 0b01_00_11_10);
        sums += Avx512F.Shuffle4x128(sums, sums, 0b10_11_00_01);
        Vector512<float> w = Avx512F.BroadcastVector128ToVector512(weights);
        return w * sums - Vector512.Create(target) * (w + Vector512.Create(unobserved));
    }
}
