using System.Numerics.Tensors;

namespace Palate;

/// <summary>The leading singular values and right vectors of a large sparse matrix, by subspace iteration.</summary>
/// <remarks>
/// Halko, Martinsson and Tropp 2011, "Finding structure with randomness", algorithm 4.4: from a seeded normal start,
/// A and its transpose are applied in turn and the result is made orthonormal each time. Work is split by rows and
/// sums are added in a fixed order, so the result does not depend on the number of threads.
/// </remarks>
internal static class RandomizedSvd
{
    private const int RowsPerPart = 2048;

    /// <summary>V and S of A ~ U S V^T.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="rank">How many singular vectors; those beyond the matrix's rank come out as zero.</param>
    /// <param name="oversampling">Extra directions that are iterated along and then dropped.</param>
    /// <param name="iterations">How often A^T A is applied, at least once.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="stop">Stops between products.</param>
    /// <returns>V row-major [columns, rank], and the singular values, greatest first.</returns>
    public static (float[] V, float[] Singular) RightVectors(
        SparseRows a, int rank, int oversampling, int iterations, ulong seed, CancellationToken stop)
    {
        int width = rank + oversampling;
        var random = new SeededRandom(seed);
        float[] z = new float[a.Columns * width];
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (float)random.NextNormal();
        }

        // After each round z = A^T Q is made orthonormal by the eigenvectors of z^T z = Q^T A A^T Q, whose
        // eigenvalues are the squared singular values: so the last round is already the answer.
        SparseRows transposed = a.Transpose();
        double[] squares = [];
        for (int round = 0; round < Math.Max(1, iterations); round++)
        {
            stop.ThrowIfCancellationRequested();
            float[] y = Multiply(a, z, width);
            Orthonormalise(y, width);
            stop.ThrowIfCancellationRequested();
            z = Multiply(transposed, y, width);
            squares = Orthonormalise(z, width);
        }

        float[] v = new float[a.Columns * rank];
        for (int row = 0; row < a.Columns; row++)
        {
            z.AsSpan(row * width, rank).CopyTo(v.AsSpan(row * rank, rank));
        }

        FixSigns(v, rank);
        return (v, [.. squares.Take(rank).Select(square => (float)Math.Sqrt(Math.Max(square, 0)))]);
    }

    // product [rows, width] = a [rows, columns] . dense [columns, width]
    private static float[] Multiply(SparseRows a, float[] dense, int width)
    {
        float[] product = new float[a.Rows * width];
        Parallel.For(0, Parts(a.Rows), part =>
        {
            int end = Math.Min((part + 1) * RowsPerPart, a.Rows);
            for (int row = part * RowsPerPart; row < end; row++)
            {
                Span<float> target = product.AsSpan(row * width, width);
                for (int cell = a.Offsets[row]; cell < a.Offsets[row + 1]; cell++)
                {
                    ReadOnlySpan<float> source = dense.AsSpan(a.Indices[cell] * width, width);
                    TensorPrimitives.MultiplyAdd(source, a.Values[cell], target, target);
                }
            }
        });
        return product;
    }

    // m <- m E L^-1/2 with m^T m = E L E^T: orthonormal columns, those of no weight become zero. Returns L.
    private static double[] Orthonormalise(float[] m, int width)
    {
        int rows = m.Length / width;
        (double[] squares, double[] vectors) = SymmetricEigen.Decompose(Gram(m, rows, width), width);
        float[] turn = new float[width * width];
        for (int j = 0; j < width; j++)
        {
            // Below this, a direction is rounding noise of single precision.
            double scale = squares[j] > 1e-12 * squares[0] ? 1 / Math.Sqrt(squares[j]) : 0;
            for (int i = 0; i < width; i++)
            {
                turn[i * width + j] = (float)(vectors[i * width + j] * scale);
            }
        }

        Parallel.For(0, Parts(rows), part =>
        {
            Span<float> old = new float[width];
            int end = Math.Min((part + 1) * RowsPerPart, rows);
            for (int row = part * RowsPerPart; row < end; row++)
            {
                Span<float> target = m.AsSpan(row * width, width);
                target.CopyTo(old);
                target.Clear();
                for (int i = 0; i < width; i++)
                {
                    if (old[i] != 0)
                    {
                        TensorPrimitives.MultiplyAdd(turn.AsSpan(i * width, width), old[i], target, target);
                    }
                }
            }
        });
        return squares;
    }

    private static double[] Gram(float[] m, int rows, int width)
    {
        double[][] partial = new double[Parts(rows)][];
        Parallel.For(0, partial.Length, part =>
        {
            double[] gram = new double[width * width];
            Span<double> wide = new double[width];
            int end = Math.Min((part + 1) * RowsPerPart, rows);
            for (int row = part * RowsPerPart; row < end; row++)
            {
                TensorPrimitives.ConvertChecked<float, double>(m.AsSpan(row * width, width), wide);
                for (int i = 0; i < width; i++)
                {
                    if (wide[i] != 0)
                    {
                        Span<double> upper = gram.AsSpan(i * width + i, width - i);
                        TensorPrimitives.MultiplyAdd(wide[i..], wide[i], upper, upper);
                    }
                }
            }

            partial[part] = gram;
        });
        double[] sum = new double[width * width];
        foreach (double[] gram in partial)
        {
            TensorPrimitives.Add(sum, gram, sum);
        }

        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum[i * width + j] = sum[j * width + i];
            }
        }

        return sum;
    }

    // A singular vector is defined up to its sign: the component of greatest size is made positive.
    private static void FixSigns(float[] v, int rank)
    {
        for (int j = 0; j < rank; j++)
        {
            float greatest = 0;
            for (int cell = j; cell < v.Length; cell += rank)
            {
                greatest = Math.Abs(v[cell]) > Math.Abs(greatest) ? v[cell] : greatest;
            }

            for (int cell = j; greatest < 0 && cell < v.Length; cell += rank)
            {
                v[cell] = -v[cell];
            }
        }
    }

    private static int Parts(int rows) => (rows + RowsPerPart - 1) / RowsPerPart;
}
