namespace Palate.Tests;

public class BisectionSelectionTests
{
    [Theory]
    [InlineData(1_682, 150, false)]
    [InlineData(1_682, 150, true)]
    [InlineData(700, 33, true)]
    [InlineData(4_096, 32, false)]
    public void It_agrees_with_a_full_sort(int items, int wanted, bool withTies)
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            float[] scores =
            [
                .. Enumerable.Range(0, items).Select(_ =>
                    withTies ? MathF.Round((float)random.NextNormal() * 8) : (float)random.NextNormal()),
            ];
            var filter = new ItemFilter(items);
            for (int item = 0; item < items; item += 1 + random.Next(20))
            {
                filter.Block(item);
            }

            var found = new ScoredItem[wanted];
            int count = BisectionSelection.Select(scores, filter.Blocked, found);

            Assert.Equal(wanted, count);
            Assert.Equal(
                Enumerable.Range(0, items).Where(filter.Allows).Select(item => new ScoredItem(item, scores[item]))
                    .OrderDescending().Take(wanted),
                found);
        }
    }

    [Fact]
    public void Fewer_allowed_items_than_wanted_are_all_returned()
    {
        var random = new SeededRandom(1);
        float[] scores = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble())];
        var filter = new ItemFilter(500);
        filter.Block([.. Enumerable.Range(7, 493)]);
        var found = new ScoredItem[40];

        Assert.Equal(7, BisectionSelection.Select(scores, filter.Blocked, found));
        Assert.Equal(Enumerable.Range(0, 7), found[..7].Select(scored => scored.Item).Order());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1f)]
    public void Scores_that_bisection_cannot_divide_are_left_to_the_heap(float odd)
    {
        float[] scores = [.. Enumerable.Repeat(1f, 999), odd];

        Assert.Equal(-1, BisectionSelection.Select(scores, [], new ScoredItem[32]));
    }
}
