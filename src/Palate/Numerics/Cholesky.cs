using System.Numerics.Tensors;

namespace Palate;

/// <summary>Solves small symmetric positive definite systems, in place and without allocation.</summary>
/// <remarks>A = L L' with L lower triangular, row-major; the entries above the diagonal are neither read nor written.</remarks>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle of A by L, with the inverse of each diagonal entry in its place.</summary>
    /// <exception cref="InvalidOperationException">A is not positive definite.</exception>
    public static void Factor(Span<float> a, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(a.Length, n * n);
        for (int row = 0; row < n; row++)
        {
            Span<float> own = a.Slice(row * n, row + 1);
            for (int column = 0; column < row; column++)
            {
                ReadOnlySpan<float> other = a.Slice(column * n, column + 1);
                float sum = own[column] - TensorPrimitives.Dot(own[..column], other[..column]);
                own[column] = sum * other[column];
            }

            float diagonal = own[row] - TensorPrimitives.SumOfSquares(own[..row]);
            if (!(diagonal > 0))
            {
                throw new InvalidOperationException(
                    $"The matrix is not positive definite: pivot {row} is {diagonal}. Raise the regularization, and "
                    + "check that the values are finite.");
            }

            own[row] = 1 / MathF.Sqrt(diagonal);
        }
    }

    /// <summary>Solves A x = b given what <see cref="Factor"/> made of A; b becomes x.</summary>
    public static void Solve(ReadOnlySpan<float> factor, int n, Span<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(b.Length, n);
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<float> own = factor.Slice(row * n, row + 1);
            b[row] = (b[row] - TensorPrimitives.Dot(own[..row], b[..row])) * own[row];
        }

        for (int row = n - 1; row >= 0; row--)
        {
            ReadOnlySpan<float> own = factor.Slice(row * n, row + 1);
            b[row] *= own[row];
            TensorPrimitives.MultiplyAdd(own[..row], -b[row], b[..row], b[..row]);
        }
    }
}
