using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Solves small symmetric positive definite systems, in place and without allocation.</summary>
/// <remarks>
/// A = U'U with U upper triangular, row-major. Only the upper triangle is read; what is below the diagonal is undefined
/// afterwards. The diagonal holds the inverses of U's, because dividing is what a solution does with them.
/// </remarks>
internal static class Cholesky
{
    private const int Pivots = 4;

    /// <summary>Replaces the upper triangle of A by U.</summary>
    /// <exception cref="InvalidOperationException">A is not positive definite.</exception>
    public static void Factor(Span<float> a, int n) => Factor(a, n, Vector512.IsHardwareAccelerated && n % 16 == 0);

    /// <summary>The scalar path is the twin that the vector path is tested against.</summary>
    internal static void Factor(Span<float> a, int n, bool vectorised)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(a.Length, n * n);
        for (int first = 0; first < n; first += Pivots)
        {
            int end = Math.Min(n, first + Pivots);
            for (int k = first; k < end; k++)
            {
                Span<float> pivotRow = a.Slice(k * n, n);
                float diagonal = pivotRow[k];
                if (!(diagonal > 0))
                {
                    throw new InvalidOperationException(
                        $"The matrix is not positive definite: pivot {k} is {diagonal}. Raise the regularization, and "
                        + "check that the values are finite.");
                }

                float inverse = 1 / MathF.Sqrt(diagonal);
                TensorPrimitives.Multiply(pivotRow[(k + 1)..], inverse, pivotRow[(k + 1)..]);
                pivotRow[k] = inverse;
                for (int row = k + 1; row < end; row++)
                {
                    Span<float> target = a.Slice(row * n + row, n - row);
                    TensorPrimitives.MultiplyAdd(pivotRow[row..], -pivotRow[row], target, target);
                }
            }

            if (end == n)
            {
                return;
            }

            if (vectorised)
            {
                Eliminate512(a, n, first);
            }
            else
            {
                EliminateScalar(a, n, first, end);
            }
        }
    }

    /// <summary>Solves A x = b given what <see cref="Factor(Span{float}, int)"/> made of A; b becomes x.</summary>
    public static void Solve(ReadOnlySpan<float> factor, int n, Span<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(b.Length, n);
        b = b[..n];
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<float> own = factor.Slice(row * n, n);
            b[row] *= own[row];
            TensorPrimitives.MultiplyAdd(own[(row + 1)..], -b[row], b[(row + 1)..], b[(row + 1)..]);
        }

        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<float> own = factor.Slice(row * n, n);
            b[row] = (b[row] - TensorPrimitives.Dot(own[(row + 1)..], b[(row + 1)..])) * own[row];
        }
    }

    private static void EliminateScalar(Span<float> a, int n, int first, int end)
    {
        for (int row = end; row < n; row++)
        {
            for (int k = first; k < end; k++)
            {
                float factor = a[k * n + row];
                for (int column = row; column < n; column++)
                {
                    a[row * n + column] -= factor * a[k * n + column];
                }
            }
        }
    }

    /// <summary>
    /// Subtracts four pivot rows from all later rows at once, from the vector that holds the diagonal on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Eliminate512(Span<float> a, int n, int first)
    {
        fixed (float* at = a)
        {
            float* p0 = at + first * n;
            float* p1 = p0 + n;
            float* p2 = p1 + n;
            float* p3 = p2 + n;
            for (int row = first + Pivots; row < n; row++)
            {
                var f0 = Vector512.Create(-p0[row]);
                var f1 = Vector512.Create(-p1[row]);
                var f2 = Vector512.Create(-p2[row]);
                var f3 = Vector512.Create(-p3[row]);
                float* target = at + row * n;
                for (int column = row & ~15; column < n; column += 16)
                {
                    Vector512<float> even =
                        Vector512.FusedMultiplyAdd(f0, Vector512.Load(p0 + column), Vector512.Load(target + column));
                    Vector512<float> odd = f1 * Vector512.Load(p1 + column);
                    even = Vector512.FusedMultiplyAdd(f2, Vector512.Load(p2 + column), even);
                    odd = Vector512.FusedMultiplyAdd(f3, Vector512.Load(p3 + column), odd);
                    (even + odd).Store(target + column);
                }
            }
        }
    }
}
