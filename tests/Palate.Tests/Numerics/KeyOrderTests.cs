namespace Palate.Tests;

public class KeyOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(384)]
    [InlineData(385)]
    [InlineData(2_000)]
    public void Both_paths_agree_with_the_definition(int count)
    {
        var random = new SeededRandom(3);
        ulong[] keys = [.. Enumerable.Range(0, count).Select(key => ((ulong)random.Next(int.MaxValue) << 33) | (uint)key)];
        int[] expected = [.. Enumerable.Range(0, count).OrderByDescending(key => keys[key])];
        int[] order = new int[count];

        KeyOrder.Descending(keys, order);
        Assert.Equal(expected, order);

        order.AsSpan().Clear();
        KeyOrder.Sort(keys, order);
        Assert.Equal(expected, order);
        if (count <= 384)
        {
            order.AsSpan().Clear();
            KeyOrder.Count(keys, order);
            Assert.Equal(expected, order);
        }
    }

    [Fact]
    public void Keys_that_differ_only_in_their_lower_half_are_told_apart()
    {
        ulong[] keys = [7UL << 32, 9, (7UL << 32) | 5, 3UL << 40, 8, (7UL << 32) | 4];
        int[] order = new int[6];
        KeyOrder.Descending(keys, order);
        Assert.Equal([3, 2, 5, 0, 1, 4], order);
    }

    [Fact]
    public void The_least_and_the_greatest_key_have_their_places()
    {
        int[] order = new int[3];
        KeyOrder.Descending([0, ulong.MaxValue, 1], order);
        Assert.Equal([1, 2, 0], order);
    }
}
