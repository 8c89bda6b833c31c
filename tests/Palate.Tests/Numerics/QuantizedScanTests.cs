namespace Palate.Tests;

public sealed class QuantizedScanTests
{
    public static TheoryData<int, int, int, int> Shapes => VectorScanTests.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_finds_exactly_what_the_float_scan_finds(int rows, int width, int keep, int workers)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            var random = new SeededRandom(seed);
            float[] data = VectorScanTests.Normal(random, rows * width);
            if (seed == 1)
            {
                // Rows of very different lengths, and rows of zeros.
                for (int item = 0; item < rows; item++)
                {
                    float factor = item % 5 == 0 ? 0 : MathF.Pow(10, (item % 7) - 3);
                    foreach (ref float value in data.AsSpan(item * width, width))
                    {
                        value *= factor;
                    }
                }
            }

            ItemVectors vectors = seed == 2
                ? VectorScanTests.WholeNumbers(rows, width, seed).Vectors
                : new ItemVectors(width, data);
            float[] query = VectorScanTests.Normal(random, width);
            var filter = new ItemFilter(rows);
            for (int item = 0; item < rows; item++)
            {
                if (seed > 2 && random.Next(20) < (int)seed * 4)
                {
                    filter.Block(item);
                }
            }

            var expected = new ScoredItem[keep];
            int count = VectorScan.Select(query, vectors, filter, expected);
            var scan = new QuantizedScan(vectors);
            foreach (QuantizedScan.Kernel kernel in Kernels())
            {
                var found = new ScoredItem[keep];
                Assert.Equal(count, scan.Select(query, filter, found, workers, kernel));
                Assert.Equal(expected[..count], found[..count]);
            }
        }
    }

    [Fact]
    public void Only_a_few_rows_need_an_exact_score()
    {
        var random = new SeededRandom(31);
        var vectors = new ItemVectors(64, VectorScanTests.Normal(random, 64 * 100_000));
        float[] query = VectorScanTests.Normal(random, 64);
        var found = new ScoredItem[100];
        new QuantizedScan(vectors).Select(
            query, new ItemFilter(100_000), found, 1, QuantizedScan.Kernel.Best, out int rescored);
        Assert.InRange(rescored, 100, 400);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-42f)]
    [InlineData(1e30f)]
    public void Rows_that_are_all_alike_keep_ascending_order(float value)
    {
        float[] data = new float[5000 * 3];
        data.AsSpan().Fill(value);
        var found = new ScoredItem[7];
        int count = new QuantizedScan(new ItemVectors(3, data)).Select([1, 1, 1], new ItemFilter(5000), found);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], found[..count].Select(item => item.Item));
    }

    [Fact]
    public void A_query_that_is_not_finite_is_refused_and_a_zero_query_scores_zero()
    {
        var scan = new QuantizedScan(new ItemVectors(1, [1, 2, 3]));
        var found = new ScoredItem[2];
        Assert.Throws<ArgumentException>(() => scan.Select([float.PositiveInfinity], new ItemFilter(3), found));
        Assert.Equal(2, scan.Select([0], new ItemFilter(3), found));
        Assert.Equal([new ScoredItem(0, 0), new ScoredItem(1, 0)], found);
    }

    private static IEnumerable<QuantizedScan.Kernel> Kernels()
    {
        yield return QuantizedScan.Kernel.Portable;
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            yield return QuantizedScan.Kernel.Avx2;
        }

        if (System.Runtime.Intrinsics.X86.AvxVnni.IsSupported)
        {
            yield return QuantizedScan.Kernel.Vnni;
        }
    }
}
