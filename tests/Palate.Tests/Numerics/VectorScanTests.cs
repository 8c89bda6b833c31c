using System.Numerics.Tensors;

namespace Palate.Tests;

public sealed class VectorScanTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 0, 8, 5, 1 }, { 1, 8, 5, 1 }, { 7, 3, 5, 1 }, { 8, 1, 8, 1 }, { 9, 9, 4, 2 }, { 100, 64, 10, 1 },
        { 1003, 64, 100, 1 }, { 3000, 17, 7, 3 }, { 3003, 40, 700, 2 }, { 1000, 24, 3000, 4 }, { 10000, 16, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_scan_agrees_with_a_full_sort_of_scalar_products(int rows, int width, int keep, int workers)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            // Small whole numbers: every order of adding gives the same sum, and ties are frequent.
            (ItemVectors vectors, float[] query) = WholeNumbers(rows, width, seed);
            var filter = new ItemFilter(rows);
            var random = new SeededRandom(seed + 100);
            for (int item = 0; item < rows; item++)
            {
                if (seed > 1 && random.Next(10) < (int)seed * 2 - 3)
                {
                    filter.Block(item);
                }
            }

            ScoredItem[] expected = [.. Enumerable.Range(0, rows)
                .Where(filter.Allows)
                .Select(item => new ScoredItem(item, Scalar(query, vectors[item])))
                .OrderDescending()
                .Take(keep)];
            var found = new ScoredItem[keep];
            int count = VectorScan.Select(query, vectors, filter, found, workers);
            Assert.Equal(expected, found[..count]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(64)]
    [InlineData(100)]
    public void Blocked_and_single_products_have_the_same_bits_and_are_near_the_scalar_ones(int width)
    {
        var random = new SeededRandom(6);
        float[] rows = Normal(random, 37 * width);
        float[] query = Normal(random, width);
        float[] scores = new float[37];
        VectorScan.Scores(query, rows, scores);
        for (int row = 0; row < 37; row++)
        {
            Assert.Equal(scores[row], VectorScan.Dot(query, rows.AsSpan(row * width, width)));
            Assert.Equal(Scalar(query, rows.AsSpan(row * width, width)), scores[row], 1e-3);
        }
    }

    [Fact]
    public void Scores_that_rise_all_the_way_are_selected_right()
    {
        var vectors = new ItemVectors(1, [.. Enumerable.Range(0, 50_000).Select(item => (float)(item / 3))]);
        var found = new ScoredItem[4];
        Assert.Equal(4, VectorScan.Select([1], vectors, new ItemFilter(50_000), found));
        Assert.Equal([49998, 49999, 49995, 49996], found.Select(item => item.Item));
        Assert.Equal(4, VectorScan.Select([-1], vectors, new ItemFilter(50_000), found));
        Assert.Equal([0, 1, 2, 3], found.Select(item => item.Item));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_where_they_enter()
    {
        var vectors = new ItemVectors(1, [1, 2]);
        Assert.Throws<ArgumentException>(
            () => VectorScan.Select([float.NaN], vectors, new ItemFilter(2), new ScoredItem[1]));
        var error = Assert.Throws<ArgumentException>(() => new ItemVectors(2, [1, 2, float.NaN, 4]));
        Assert.Contains("item 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ItemVectors(2, [1, 2, 3]));
        Assert.Equal(1, new ItemVectors(2, [float.MaxValue, float.MaxValue]).Count);
    }

    internal static float Scalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
        {
            sum += (double)a[d] * b[d];
        }

        return (float)sum;
    }

    internal static float[] Normal(SeededRandom random, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)random.NextNormal();
        }

        return values;
    }

    internal static (ItemVectors Vectors, float[] Query) WholeNumbers(int rows, int width, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] data = new float[rows * width];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = random.Next(7) - 3;
        }

        float[] query = new float[width];
        for (int i = 0; i < width; i++)
        {
            query[i] = random.Next(7) - 3;
        }

        Assert.True(TensorPrimitives.IsFiniteAll<float>(query));
        return (new ItemVectors(width, data), query);
    }
}
