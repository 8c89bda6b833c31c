using System.Runtime.Intrinsics.X86;

namespace Palate.Tests;

public sealed unsafe class AlsKernelTests
{
    [Theory]
    [InlineData(16, 0)]
    [InlineData(16, 9)]
    [InlineData(48, 4)]
    [InlineData(64, 0)]
    [InlineData(64, 1)]
    [InlineData(64, 3)]
    [InlineData(64, 4)]
    [InlineData(64, 23)]
    [InlineData(128, 7)]
    public void The_implicit_product_is_the_same_on_every_path(int width, int count)
    {
        var random = new SeededRandom(1);
        float[] gram = Draw(width * width);
        float[] factors = Draw(30 * width);
        float[] weights = [.. Draw(count).Select(MathF.Abs)];
        int[] columns = [.. Enumerable.Range(0, count)];
        float[] v = Draw(width);
        foreach (float target in new[] { 0f, 1f })
        {
            double[] expected = new double[width];
            for (int j = 0; j < width; j++)
            {
                expected[j] = 0.7 * v[j];
                for (int k = 0; k < width; k++)
                {
                    expected[j] += (double)gram[k * width + j] * v[k];
                }
            }

            for (int cell = 0; cell < count; cell++)
            {
                double dot = 0;
                for (int k = 0; k < width; k++)
                {
                    dot += (double)factors[cell * width + k] * v[k];
                }

                for (int j = 0; j < width; j++)
                {
                    expected[j] += (weights[cell] * dot - target * (0.3 + weights[cell])) * factors[cell * width + j];
                }
            }

            float[] product = new float[width];
            ImplicitProduct.Apply(gram, factors, width, 0.7f, columns, weights, 0.3f, target, v, product);
            Near(expected, product);
            ImplicitProduct.ApplyPlain(gram, factors, width, 0.7f, columns, weights, 0.3f, target, v, product);
            Near(expected, product);
            if (Avx512F.IsSupported)
            {
                fixed (float* gramAt = gram, factorsAt = factors, weightsAt = weights, vAt = v, productAt = product)
                fixed (int* columnsAt = columns)
                {
                    ImplicitProduct.ApplyWide(
                        gramAt, factorsAt, width, 0.7f, columnsAt, weightsAt, count, 0.3f, target, vAt, productAt);
                    Near(expected, product);
                }
            }
        }

        float[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)random.NextNormal())];
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(48)]
    public void A_step_of_the_conjugate_gradient_follows_its_formulas(int width)
    {
        var random = new SeededRandom(5);
        float[] first = Draw();
        float[] r = (float[])first.Clone();
        float[] p = new float[width];
        float rr = ConjugateGradient.Begin(r, p);
        double square = first.Sum(value => (double)value * value);
        Assert.Equal(square, rr, 1e-4 * square);
        Assert.Equal(first.Select(value => -value), r);
        Assert.Equal(r, p);

        // With A = 2 I one step ends at the solution: x = p / 2 and nothing remains.
        float[] ap = [.. p.Select(value => 2 * value)];
        float[] x = new float[width];
        Assert.Equal(0, ConjugateGradient.Advance(p, ap, rr, x, r), 1e-6);
        Assert.All(x.Zip(p), pair => Assert.Equal(pair.Second / 2, pair.First, 1e-5));
        Assert.All(r, value => Assert.Equal(0, value, 1e-5));

        float[] next = Draw();
        ConjugateGradient.Turn(next, 0.5f, p);
        Assert.All(Enumerable.Range(0, width), j => Assert.Equal(next[j] - 0.5f * first[j], p[j], 1e-5));

        float[] Draw() => [.. Enumerable.Range(0, width).Select(_ => (float)random.NextNormal())];
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(112)]
    public void Outer_products_are_the_same_on_every_path(int width)
    {
        const int Depth = 5;
        var random = new SeededRandom(2);
        float[] left = [.. Enumerable.Range(0, Depth * width).Select(_ => (float)random.NextNormal())];
        float[] right = [.. Enumerable.Range(0, Depth * width).Select(_ => (float)random.NextNormal())];
        float[] expected = [.. Enumerable.Range(0, width * width).Select(place => (float)place)];
        float[] full = (float[])expected.Clone();
        float[] upper = (float[])expected.Clone();
        OuterProducts.AddPlain(left, right, Depth, width, expected);
        OuterProducts.Add(left, right, Depth, width, upper: false, full);
        OuterProducts.Add(left, right, Depth, width, upper: true, upper);
        for (int row = 0; row < width; row++)
        {
            for (int column = 0; column < width; column++)
            {
                Assert.Equal(expected[row * width + column], full[row * width + column], 1e-2);
                if (column >= row)
                {
                    Assert.Equal(expected[row * width + column], upper[row * width + column], 1e-2);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    [InlineData(37, false)]
    [InlineData(64, true)]
    public void Cholesky_solves_what_it_factored(int n, bool vectorised)
    {
        var random = new SeededRandom(3);
        float[] root = [.. Enumerable.Range(0, n * n).Select(_ => (float)random.NextNormal())];
        float[] matrix = new float[n * n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                matrix[row * n + column] = row == column ? 1 : 0;
                for (int k = 0; k < n; k++)
                {
                    matrix[row * n + column] += root[row * n + k] * root[column * n + k];
                }
            }
        }

        float[] wanted = [.. Enumerable.Range(0, n).Select(_ => (float)random.NextNormal())];
        float[] b = new float[n];
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                b[row] += matrix[row * n + column] * wanted[column];
            }
        }

        Cholesky.Factor(matrix, n, vectorised);
        Cholesky.Solve(matrix, n, b);
        for (int row = 0; row < n; row++)
        {
            Assert.Equal(wanted[row], b[row], 1e-2);
        }
    }

    [Fact]
    public void Cholesky_refuses_a_matrix_that_is_not_positive_definite() =>
        Assert.Throws<InvalidOperationException>(() => Cholesky.Factor([1, 2, 0, 1], 2));

    private static void Near(double[] expected, float[] found)
    {
        for (int place = 0; place < expected.Length; place++)
        {
            Assert.Equal(expected[place], found[place], 1e-3 * Math.Max(1, Math.Abs(expected[place])));
        }
    }
}
