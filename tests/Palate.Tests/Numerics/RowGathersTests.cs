namespace Palate.Tests;

public class RowGathersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void Both_paths_agree_with_the_definition(int count)
    {
        const int Width = 50;
        var random = new SeededRandom(4);
        ushort[] matrix =
            RowSums.Pack([.. Enumerable.Range(0, 9 * Width).Select(_ => (float)random.NextNormal())]);
        int[] rows = [0, 3, 4, 8];
        float[] first = [1, -2, 0.5f, 3];
        float[] second = [0, 1, 2, -1];
        int[] columns = [.. Enumerable.Range(0, count).Select(_ => random.Next(Width))];
        float[] a = new float[count];
        float[] b = new float[count];
        float[] scalarA = new float[count];
        float[] scalarB = new float[count];

        RowGathers.Sum(matrix, Width, rows, first, second, columns, a, b);
        RowGathers.SumScalar(matrix, Width, rows, first, second, columns, scalarA, scalarB, 0);

        for (int c = 0; c < count; c++)
        {
            float expected = rows.Select((row, place) => first[place] * RowSums.Unpack(matrix[row * Width + columns[c]])).Sum();
            Assert.Equal(expected, a[c], 1e-4);
            Assert.Equal(scalarA[c], a[c], 1e-4);
            Assert.Equal(scalarB[c], b[c], 1e-4);
        }
    }

    [Fact]
    public void A_cell_outside_the_matrix_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RowGathers.Sum(new ushort[8], 2, [4], [1], [1], [0], new float[1], new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RowGathers.Sum(new ushort[8], 2, [0], [1], [1], [2], new float[1], new float[1]));
    }
}
