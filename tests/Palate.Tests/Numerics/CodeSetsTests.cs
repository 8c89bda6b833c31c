namespace Palate.Tests;

public sealed class CodeSetsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(32)]
    public void Both_paths_give_the_same_bits(int codes)
    {
        var random = new SeededRandom(5);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        uint mask = codes == 32 ? uint.MaxValue : (1u << codes) - 1;
        uint[] sets = [.. Enumerable.Range(0, 90).Select(set => set % 7 == 0 ? 0 : (uint)random.Next(int.MaxValue) * 2 & mask)];
        int[] chosen = [.. Enumerable.Range(0, 71).Select(_ => random.Next(sets.Length))];
        float[] weights = Draw(chosen.Length);
        float[] counts = new float[32];
        float[] sums = new float[32];
        float[] twinCounts = new float[32];
        float[] twinSums = new float[32];

        CodeSets.Add(sets, chosen, weights, counts, sums);
        CodeSets.AddScalar(sets, chosen, weights, twinCounts, twinSums);
        Assert.Equal(twinCounts, counts);
        Assert.Equal(twinSums, sums);

        float[] first = new float[chosen.Length];
        float[] second = new float[chosen.Length];
        float[] twinFirst = new float[chosen.Length];
        float[] twinSecond = new float[chosen.Length];
        CodeSets.Means(sets, chosen, counts, sums, first, second);
        CodeSets.MeansScalar(sets, chosen, counts, sums, twinFirst, twinSecond);
        Assert.Equal(twinFirst, first);
        Assert.Equal(twinSecond, second);
    }

    [Fact]
    public void Codes_are_counted_weighed_and_averaged()
    {
        uint[] sets = [0b11, 0b10, 0, 1u << 31];
        float[] counts = new float[32];
        float[] sums = new float[32];
        CodeSets.Add(sets, [0, 1, 1, 2, 3], [1, 2, 3, 100, -4], counts, sums);
        Assert.Equal([1f, 3f], counts[..2]);
        Assert.Equal([1f, 6f], sums[..2]);
        Assert.Equal((1f, -4f), (counts[31], sums[31]));

        float[] first = new float[3];
        float[] second = new float[3];
        CodeSets.Means(sets, [0, 3, 2], counts, sums, first, second);
        Assert.Equal([2f, 1f, float.NaN], first);
        Assert.Equal([3.5f, -4f, float.NaN], second);
    }

    [Fact]
    public void A_column_of_more_codes_has_no_sets()
    {
        AttributeColumn Column(int values) => AttributeColumn.OfClusters("cluster", [.. Enumerable.Range(0, values)]);
        Assert.Equal([1u, 2u, 4u], CodeSets.Of(Column(3))!);
        Assert.Null(CodeSets.Of(Column(33)));
    }
}
