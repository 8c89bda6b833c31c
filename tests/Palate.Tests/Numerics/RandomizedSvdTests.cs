namespace Palate.Tests;

public sealed class RandomizedSvdTests
{
    [Fact]
    public void A_planted_decomposition_is_found()
    {
        // A = sum over r of s_r u_r v_r^T with orthonormal cosines as u and v.
        const int rows = 60;
        const int columns = 40;
        double[] singular = [9, 7, 4, 2];
        float[] dense = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int r = 0; r < singular.Length; r++)
                {
                    dense[i * columns + j] += (float)(singular[r] * Wave(i, r, rows) * Wave(j, r, columns));
                }
            }
        }

        (float[] v, float[] found) = RandomizedSvd.RightVectors(Sparse(dense, rows, columns), 6, 5, 4, 1, default);

        for (int r = 0; r < singular.Length; r++)
        {
            Assert.Equal(singular[r], found[r], 4);
            double dot = Enumerable.Range(0, columns).Sum(j => v[j * 6 + r] * Wave(j, r, columns));
            Assert.Equal(1, Math.Abs(dot), 4);
        }

        // Beyond the rank there is nothing.
        Assert.Equal(0, found[4], 2);
        Assert.All(Enumerable.Range(0, columns), j => Assert.Equal(0, v[j * 6 + 5]));
    }

    [Fact]
    public void Eigenvalues_of_a_symmetric_matrix_are_found_greatest_first()
    {
        (double[] values, double[] vectors) = SymmetricEigen.Decompose([2, 1, 0, 1, 2, 0, 0, 0, 5], 3);
        Assert.Equal([5, 3, 1], values.Select(value => Math.Round(value, 10)));
        Assert.Equal(1, Math.Abs(vectors[2 * 3 + 0]), 10);
        Assert.Equal(Math.Sqrt(0.5), Math.Abs(vectors[0 * 3 + 1]), 10);
    }

    private static double Wave(int i, int r, int n) => Math.Sqrt(2.0 / n) * Math.Cos(Math.PI * (i + 0.5) * (r + 1) / n);

    private static SparseRows Sparse(float[] dense, int rows, int columns) => new(
        columns,
        [.. Enumerable.Range(0, rows + 1).Select(row => row * columns)],
        [.. Enumerable.Range(0, rows * columns).Select(cell => cell % columns)],
        dense);
}
