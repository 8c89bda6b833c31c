namespace Palate.Tests;

public class InteractionMatrixTests
{
    [Fact]
    public void Rows_have_ascending_columns_and_the_latest_of_several_events_counts()
    {
        var matrix = InteractionMatrix.Build(
            2, 4, [1, 0, 1, 1, 0], [3, 2, 0, 3, 2], [1, 2, 3, 4, 5], [10, 20, 30, 9, 20]);

        Assert.Equal([2], matrix.Row(0).ToArray());
        Assert.Equal([5f], matrix.RowValues(0).ToArray());
        Assert.Equal([0, 3], matrix.Row(1).ToArray());
        Assert.Equal([3f, 1f], matrix.RowValues(1).ToArray());
        Assert.Equal([30L, 10L], matrix.RowTimes(1).ToArray());
    }

    [Fact]
    public void Transposing_twice_gives_the_matrix_again()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            InteractionMatrix matrix = Random(seed);
            InteractionMatrix again = matrix.Transpose().Transpose();

            Assert.Equal(matrix.Offsets, again.Offsets);
            Assert.Equal(matrix.Indices, again.Indices);
            Assert.Equal(matrix.Values, again.Values);
            Assert.Equal(matrix.Times, again.Times);
        }
    }

    [Fact]
    public void Dropping_cells_keeps_the_others_as_they_are()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            InteractionMatrix matrix = Random(seed);
            InteractionMatrix rest = matrix.Without(cell => cell % 3 == 0);

            Assert.Equal(matrix.Count - ((matrix.Count + 2) / 3), rest.Count);
            Assert.Equal(matrix.Values.Where((_, cell) => cell % 3 != 0), rest.Values);
            Assert.Equal(matrix.Indices.Where((_, cell) => cell % 3 != 0), rest.Indices);
        }
    }

    [Fact]
    public void An_empty_matrix_has_empty_rows()
    {
        var matrix = InteractionMatrix.Build(3, 2, [], [], [], []);

        Assert.Equal(0, matrix.Count);
        Assert.True(matrix.Row(2).IsEmpty);
        Assert.Equal(2, matrix.Transpose().Rows);
    }

    private static InteractionMatrix Random(ulong seed)
    {
        var random = new SeededRandom(seed);
        int events = random.Next(200);
        int[] users = [.. Enumerable.Range(0, events).Select(_ => random.Next(13))];
        int[] items = [.. Enumerable.Range(0, events).Select(_ => random.Next(17))];
        float[] values = [.. Enumerable.Range(0, events).Select(_ => (float)random.NextDouble())];
        long[] times = [.. Enumerable.Range(0, events).Select(_ => (long)random.Next(5))];
        return InteractionMatrix.Build(13, 17, users, items, values, times);
    }
}
