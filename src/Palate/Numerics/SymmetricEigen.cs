namespace Palate;

/// <summary>All eigenvalues and eigenvectors of a small symmetric matrix, by cyclic Jacobi rotations.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, 8.5. About 10 n^3 operations: for n up to some hundreds.</remarks>
internal static class SymmetricEigen
{
    private const int MaxSweeps = 60;

    /// <summary>The eigenvalues, greatest first, and the eigenvectors: component i of vector j at <c>[i * n + j]</c>.</summary>
    /// <param name="matrix">Row-major n x n; overwritten.</param>
    /// <param name="n">The order.</param>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Length, n * n);

        // Row j of v is eigenvector j while rotating: rows are contiguous.
        double[] v = new double[n * n];
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            v[i * n + i] = 1;
            for (int j = 0; j < n; j++)
            {
                norm += matrix[i * n + j] * matrix[i * n + j];
            }
        }

        double small = 1e-26 * norm;
        for (int sweep = 0; sweep < MaxSweeps && OffDiagonal(matrix, n) > small; sweep++)
        {
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Rotate(matrix, v, n, p, q);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => matrix[i * n + i])];
        double[] values = [.. order.Select(i => matrix[i * n + i])];
        double[] vectors = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                vectors[i * n + j] = v[order[j] * n + i];
            }
        }

        return (values, vectors);
    }

    private static double OffDiagonal(double[] a, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                sum += 2 * a[i * n + j] * a[i * n + j];
            }
        }

        return sum;
    }

    private static void Rotate(double[] a, double[] v, int n, int p, int q)
    {
        double apq = a[p * n + q];
        if (apq == 0)
        {
            return;
        }

        // t = tan of the angle that makes a[p, q] zero, the smaller root.
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < n; k++)
        {
            double kp = a[k * n + p];
            double kq = a[k * n + q];
            a[k * n + p] = c * kp - s * kq;
            a[k * n + q] = s * kp + c * kq;
        }

        RotateRows(a, n, p, q, c, s);
        RotateRows(v, n, p, q, c, s);
    }

    private static void RotateRows(double[] rows, int n, int p, int q, double c, double s)
    {
        Span<double> rowP = rows.AsSpan(p * n, n);
        Span<double> rowQ = rows.AsSpan(q * n, n);
        for (int k = 0; k < n; k++)
        {
            double kp = rowP[k];
            double kq = rowQ[k];
            rowP[k] = c * kp - s * kq;
            rowQ[k] = s * kp + c * kq;
        }
    }
}
