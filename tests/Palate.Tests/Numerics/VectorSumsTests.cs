namespace Palate.Tests;

public sealed class VectorSumsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(75)]
    public void Both_paths_agree(int width)
    {
        var random = new SeededRandom(7);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        float[] data = Draw(9 * width);
        int[] rows = [8, 0, 3, 3, 7, 1];
        float[] weights = [1, -2, 0.5f, 3, -1, 0.25f];
        float[] sums = Draw(width);
        float[] weighted = Draw(width);
        float[] twinSums = new float[width];
        float[] twinWeighted = new float[width];

        VectorSums.Add(data, rows, weights, sums, weighted);
        VectorSums.AddScalar(data, rows, weights, twinSums, twinWeighted, 0);
        for (int column = 0; column < width; column++)
        {
            Assert.Equal(rows.Sum(row => data[row * width + column]), sums[column], 1e-4);
            Assert.Equal(twinSums[column], sums[column], 1e-4);
            Assert.Equal(twinWeighted[column], weighted[column], 1e-4);
        }

        float[] first = Draw(rows.Length);
        float[] second = Draw(rows.Length);
        float[] twinFirst = new float[rows.Length];
        float[] twinSecond = new float[rows.Length];
        VectorSums.Dots(data, rows, sums, weighted, first, second);
        VectorSums.DotsScalar(data, rows, sums, weighted, twinFirst, twinSecond, 0);
        for (int place = 0; place < rows.Length; place++)
        {
            Assert.Equal(twinFirst[place], first[place], 1e-3);
            Assert.Equal(twinSecond[place], second[place], 1e-3);
        }
    }

    [Fact]
    public void A_row_outside_the_data_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(
            () => VectorSums.Add(new float[64], [2], [1], new float[32], new float[32]));
        Assert.ThrowsAny<ArgumentException>(
            () => VectorSums.Dots(new float[64], [-1], new float[32], new float[32], new float[1], new float[1]));
    }
}
