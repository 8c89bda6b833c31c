namespace Palate.Tests;

public sealed class PackedMatrixTests
{
    [Fact]
    public void Packing_keeps_eight_bits_and_ties_to_even()
    {
        foreach (float exact in new[] { 0f, 1f, -2.5f, 0.15625f, 3e30f })
        {
            Assert.Equal(exact, PackedMatrix.Of([exact], 1)[0, 0], exact == 3e30f ? 1e28f : 0);
        }

        var random = new SeededRandom(2);
        for (int trial = 0; trial < 1000; trial++)
        {
            float value = (float)random.NextNormal();
            Assert.Equal(value, PackedMatrix.Of([value], 1)[0, 0], MathF.Abs(value) / 256);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 33)]
    [InlineData(2, 64)]
    public void Cells_come_back_without_their_padding(int rows, int width)
    {
        float[] values = [.. Enumerable.Range(0, rows * width).Select(place => (float)(place % 128))];
        var matrix = PackedMatrix.Of(values, width);
        var copy = PackedMatrix.OfCells(matrix.ToArray(), width);

        Assert.Equal(rows, copy.Rows);
        Assert.Equal(0, copy.Stride % PackedMatrix.Line);
        Assert.Equal(matrix.ToArray(), copy.ToArray());
        for (int place = 0; place < values.Length; place++)
        {
            Assert.Equal(values[place], copy[place / width, place % width]);
        }
    }
}
