namespace Palate.Tests;

public sealed class RowSumsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(300)]
    public void All_paths_agree_with_the_definition(int width)
    {
        var random = new SeededRandom(1);
        ushort[] matrix =
            RowSums.Pack([.. Enumerable.Range(0, 9 * width).Select(_ => (float)random.NextNormal())]);
        int[] rows = [0, 3, 4, 8];
        foreach (float[] weights in new float[][] { [], [1, -2, 0.5f, 3] })
        {
            float[] expected = new float[width];
            for (int j = 0; j < width; j++)
            {
                expected[j] = 7;
                for (int place = 0; place < rows.Length; place++)
                {
                    expected[j] += (weights.Length == 0 ? 1 : weights[place]) * RowSums.Unpack(matrix[rows[place] * width + j]);
                }
            }

            Near(sums => RowSums.Add(matrix, width, rows, weights, sums), 0, width);
            Near(sums => RowSums.AddScalar(matrix, width, rows, weights, sums, 0), 0, width);
            Near(sums => Assert.Equal(width / 16 * 16, RowSums.AddVector512(matrix, width, rows, weights, sums)), 0,
                width / 16 * 16);
            Near(sums => Assert.Equal(width / 8 * 8, RowSums.AddVector256(matrix, width, rows, weights, sums)), 0,
                width / 8 * 8);

            void Near(Action<float[]> add, int from, int to)
            {
                float[] sums = [.. Enumerable.Repeat(7f, width)];
                add(sums);
                for (int j = from; j < to; j++)
                {
                    Assert.Equal(expected[j], sums[j], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Packing_keeps_eight_bits_and_ties_to_even()
    {
        foreach (float exact in new[] { 0f, 1f, -2.5f, 0.15625f, 3e30f })
        {
            Assert.Equal(exact, RowSums.Unpack(RowSums.Pack([exact])[0]), exact == 3e30f ? 1e28f : 0);
        }

        var random = new SeededRandom(2);
        for (int trial = 0; trial < 1000; trial++)
        {
            float value = (float)random.NextNormal();
            Assert.Equal(value, RowSums.Unpack(RowSums.Pack([value])[0]), MathF.Abs(value) / 256);
        }
    }

    [Fact]
    public void A_row_outside_the_matrix_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(new ushort[8], 2, [4], [], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(new ushort[8], 2, [-1], [], new float[2]));
    }
}
