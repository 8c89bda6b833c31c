using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>The vector half of a step of the conjugate gradient: everything but the product with the matrix.</summary>
/// <remarks>
/// Hestenes and Stiefel 1952. The vectors are some 64 long, so that calls and passes cost as much as arithmetic; each
/// method is one call, and skips tiered compilation because a model is often fitted once per process.
/// </remarks>
internal static class ConjugateGradient
{
    /// <summary>r = p = -r, the first direction; returns r'r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Begin(Span<float> r, Span<float> p)
    {
        if (!IsVectorised(r.Length))
        {
            TensorPrimitives.Negate(r, r);
            r.CopyTo(p);
            return TensorPrimitives.SumOfSquares<float>(r);
        }

        Vector512<float> squares = default;
        for (int j = 0; j < r.Length; j += 16)
        {
            Vector512<float> rj = -Vector512.Create<float>(r.Slice(j, 16));
            rj.CopyTo(r[j..]);
            rj.CopyTo(p[j..]);
            squares += rj * rj;
        }

        return Vector512.Sum(squares);
    }

    /// <summary>x += alpha p and r -= alpha Ap with alpha = r'r / p'Ap; returns the new r'r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Advance(ReadOnlySpan<float> p, ReadOnlySpan<float> ap, float rr, Span<float> x, Span<float> r)
    {
        if (!IsVectorised(p.Length))
        {
            float step = rr / TensorPrimitives.Dot(p, ap);
            TensorPrimitives.MultiplyAdd(p, step, x, x);
            TensorPrimitives.MultiplyAdd(ap, -step, r, r);
            return TensorPrimitives.SumOfSquares<float>(r);
        }

        Vector512<float> dots = default;
        for (int j = 0; j < p.Length; j += 16)
        {
            dots += Vector512.Create(p.Slice(j, 16)) * Vector512.Create(ap.Slice(j, 16));
        }

        var alpha = Vector512.Create(rr / Vector512.Sum(dots));
        Vector512<float> squares = default;
        for (int j = 0; j < p.Length; j += 16)
        {
            (Vector512.Create<float>(x.Slice(j, 16)) + alpha * Vector512.Create(p.Slice(j, 16))).CopyTo(x[j..]);
            Vector512<float> rj = Vector512.Create<float>(r.Slice(j, 16)) - alpha * Vector512.Create(ap.Slice(j, 16));
            rj.CopyTo(r[j..]);
            squares += rj * rj;
        }

        return Vector512.Sum(squares);
    }

    /// <summary>p = r + beta p, the next direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ReadOnlySpan<float> r, float beta, Span<float> p)
    {
        if (!IsVectorised(p.Length))
        {
            TensorPrimitives.MultiplyAdd(p, beta, r, p);
            return;
        }

        for (int j = 0; j < p.Length; j += 16)
        {
            (Vector512.Create(r.Slice(j, 16)) + beta * Vector512.Create<float>(p.Slice(j, 16))).CopyTo(p[j..]);
        }
    }

    private static bool IsVectorised(int length) => Vector512.IsHardwareAccelerated && length % 16 == 0;
}
