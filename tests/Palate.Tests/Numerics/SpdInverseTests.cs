using System.Numerics.Tensors;

namespace Palate.Tests;

public sealed unsafe class SpdInverseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(130)]
    [InlineData(301)]
    public void The_matrix_times_its_inverse_is_the_identity(int n)
    {
        float[] matrix = RandomSpd(n, 1);
        float[] inverse = (float[])matrix.Clone();
        SpdInverse.Invert(inverse, n, threads: 2, CancellationToken.None);
        float[] product = new float[n];
        float worst = 0;
        for (int row = 0; row < n; row++)
        {
            product.AsSpan().Clear();
            for (int k = 0; k < n; k++)
            {
                TensorPrimitives.MultiplyAdd(
                    inverse.AsSpan(k * n, n), matrix[row * n + k], product, product);
            }

            for (int column = 0; column < n; column++)
            {
                worst = MathF.Max(worst, MathF.Abs(product[column] - (row == column ? 1 : 0)));
                worst = MathF.Max(worst, MathF.Abs(inverse[row * n + column] - inverse[column * n + row]));
            }
        }

        Assert.InRange(worst, 0, 1e-4f);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        float[] one = RandomSpd(200, 2);
        float[] three = (float[])one.Clone();
        SpdInverse.Invert(one, 200, threads: 1, CancellationToken.None);
        SpdInverse.Invert(three, 200, threads: 3, CancellationToken.None);
        Assert.Equal(one, three);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused()
    {
        float[] matrix = RandomSpd(150, 3);
        matrix[140 * 150 + 140] = -1;
        Assert.Throws<InvalidOperationException>(() => SpdInverse.Invert(matrix, 150, 1, CancellationToken.None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    public void The_vector_kernels_agree_with_the_scalar_one(int depth)
    {
        var random = new SeededRandom(4);
        float[] z = Draw(depth * SpdInverse.High);
        float[] v = Draw(depth * SpdInverse.Wide);
        float[] c = Draw(4 * 70);
        float[] scalar = (float[])c.Clone();
        float[] narrow = (float[])c.Clone();
        float[] wide = (float[])c.Clone();
        fixed (float* zAt = z, vAt = v, scalarAt = scalar, narrowAt = narrow, wideAt = wide)
        {
            SpdInverse.SubtractScalar(zAt, vAt, depth, scalarAt, 70);
            SpdInverse.Subtract256(zAt, vAt, depth, narrowAt, 70);
            SpdInverse.Subtract512(zAt, vAt, depth, wideAt, 70);
        }

        for (int place = 0; place < c.Length; place++)
        {
            Assert.Equal(scalar[place], narrow[place], 1e-4);
            Assert.Equal(scalar[place], wide[place], 1e-4);
        }

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }

    private static float[] RandomSpd(int n, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] root = [.. Enumerable.Range(0, n * n).Select(_ => (float)random.NextNormal())];
        float[] matrix = new float[n * n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                float dot = TensorPrimitives.Dot<float>(root.AsSpan(row * n, n), root.AsSpan(column * n, n));
                matrix[row * n + column] = dot / n + (row == column ? 1 : 0);
            }
        }

        return matrix;
    }
}
