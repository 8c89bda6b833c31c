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
        var matrix = PackedMatrix.Of([.. Enumerable.Range(0, 9 * width).Select(_ => (float)random.NextNormal())], width);
        int[] rows = [0, 3, 4, 8, 5, 3];
        float[] weights = [1, -2, 0.5f, 3, 0, 4];
        float[] plain = [.. Enumerable.Range(0, width).Select(j => 7 + rows.Sum(row => matrix[row, j]))];
        float[] other =
            [.. Enumerable.Range(0, width).Select(j => 7 + rows.Zip(weights, (row, weight) => weight * matrix[row, j]).Sum())];

        Near((sums, weighted) => RowSums.Add(matrix, rows, weights, sums, weighted), width);
        Near((sums, weighted) => RowSums.AddScalar(matrix, rows, weights, sums, weighted, 0), width);
        Near((sums, weighted) => Assert.Equal(
            width / 8 * 8, RowSums.AddVector256(matrix, rows, weights, sums, weighted)), width / 8 * 8);

        void Near(Action<float[], float[]> add, int to)
        {
            float[] sums = [.. Enumerable.Repeat(7f, width)];
            float[] weighted = [.. sums];
            add(sums, weighted);
            for (int j = 0; j < to; j++)
            {
                Assert.Equal(plain[j], sums[j], 1e-4);
                Assert.Equal(other[j], weighted[j], 1e-4);
            }
        }
    }

    [Fact]
    public void Plain_sums_have_the_bits_of_the_scalar_twin()
    {
        const int Width = 100;
        var random = new SeededRandom(3);
        var matrix = PackedMatrix.Of([.. Enumerable.Range(0, 50 * Width).Select(_ => (float)random.NextNormal())], Width);
        int[] rows = [.. Enumerable.Range(0, 50)];
        float[] sums = new float[Width];
        float[] twin = new float[Width];
        RowSums.Add(matrix, rows, new float[50], sums, new float[Width]);
        RowSums.AddScalar(matrix, rows, new float[50], twin, new float[Width], 0);
        Assert.Equal(twin, sums);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var matrix = PackedMatrix.Of(new float[8], 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(matrix, [4], [1], new float[2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(matrix, [-1], [1], new float[2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(matrix, [0], [], new float[2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSums.Add(matrix, [0], [1], new float[2], new float[3]));
    }
}
