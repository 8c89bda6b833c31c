namespace Palate.Tests;

public sealed class TopKTests
{
    [Fact]
    public void Selection_agrees_with_a_full_sort_on_both_paths()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var random = new SeededRandom(seed);
            int items = 1 + random.Next(200);
            float[] scores = new float[items];
            var filter = new ItemFilter(items);
            for (int item = 0; item < items; item++)
            {
                // Few distinct values, so that there are ties; both signs and both zeros.
                scores[item] = (random.Next(9) - 4) * (random.Next(2) == 0 ? 0.5f : -0.5f);
                if (random.Next(4) == 0)
                {
                    filter.Block(item);
                }
            }

            ScoredItem[] expected =
            [
                .. Enumerable.Range(0, items).Where(filter.Allows).Select(item => new ScoredItem(item, scores[item]))
                    .OrderByDescending(scored => scored),
            ];
            foreach (int count in new[] { 0, 1, 3, 10, items, items + 5 })
            {
                foreach (bool vectorised in new[] { false, true })
                {
                    var found = new ScoredItem[count];
                    int number = TopK.Select(scores, filter.Blocked, found, vectorised);
                    Assert.Equal(expected.Take(count), found.Take(number));
                }
            }
        }
    }

    [Fact]
    public void Ties_keep_ascending_item_order()
    {
        float[] scores = new float[100];
        var best = new ScoredItem[20];
        Assert.Equal(20, TopK.Select(scores, best));
        Assert.Equal(Enumerable.Range(0, 20), best.Select(scored => scored.Item));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(99)]
    public void A_score_that_is_not_a_number_is_refused_wherever_it_stands(int place)
    {
        float[] scores = [.. Enumerable.Range(0, 100).Select(item => -(float)item)];
        scores[place] = float.NaN;
        Assert.Throws<InvalidOperationException>(() => TopK.Select(scores, new ScoredItem[5]));
    }

    [Fact]
    public void Infinite_scores_are_ordered_too()
    {
        float[] scores = [1, float.NegativeInfinity, float.PositiveInfinity, float.MinValue];
        var best = new ScoredItem[4];
        TopK.Select(scores, best);
        Assert.Equal([2, 0, 3, 1], best.Select(scored => scored.Item));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100)]
    public void The_rank_of_a_place_is_that_of_the_total_order(int count)
    {
        // Few different scores, so that items decide often.
        var random = new SeededRandom(11);
        float[] scores = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(5))];
        int[] items = [.. Enumerable.Range(0, count).OrderBy(_ => random.Next(1_000_000))];
        int[] expected = [.. Enumerable.Range(0, count).OrderByDescending(place => scores[place]).ThenBy(place => items[place])];
        for (int rank = 1; rank <= count; rank++)
        {
            int place = expected[rank - 1];
            Assert.Equal(rank, TopK.RankOf(scores, items, place));
            Assert.Equal(rank, 1 + TopK.CountBefore(scores, items, place, 0));
        }
    }
}
