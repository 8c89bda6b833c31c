namespace Palate.Tests;

public sealed class ListMetricsTests
{
    // Item 0 has five interactions, item 1 two, item 2 one, item 3 none: eight in all.
    private static readonly ItemStatistics Statistics = new(InteractionMatrix.Build(
        5,
        4,
        [0, 1, 2, 3, 4, 0, 1, 0],
        [0, 0, 0, 0, 0, 1, 1, 2],
        new float[8],
        new long[8]));

    [Fact]
    public void Novelty_is_the_mean_information_of_the_items()
    {
        Assert.Equal((2 + 3) / 2.0, ListMetrics.Novelty([1, 2], Statistics), 12);
        Assert.Equal(3, ListMetrics.Novelty([3], Statistics), 12);
        Assert.Equal(double.NaN, ListMetrics.Novelty([], Statistics));
    }

    [Fact]
    public void Popularity_and_tail_follow_the_training_counts()
    {
        Assert.Equal([5, 2, 1, 0], Statistics.Counts);
        Assert.Equal(3.5, ListMetrics.Popularity([0, 1], Statistics));

        // 80 % of eight is 6.4: items 0 and 1 are the head.
        Assert.Equal([false, false, true, true], Statistics.IsTail);
        Assert.Equal(0.5, ListMetrics.Tail([0, 2], Statistics));
    }

    [Fact]
    public void Diversity_is_the_mean_distance_of_all_pairs()
    {
        float[] vectors = [1, 0, 0, 1, 1, 1];
        double half = Math.Sqrt(0.5);

        Assert.Equal(
            ((1 - 0) + (1 - half) + (1 - half)) / 3,
            ListMetrics.Diversity([0, 1, 2], ItemSimilarity.OfVectors(vectors, 2)),
            6);
        Assert.Equal(double.NaN, ListMetrics.Diversity([1], ItemSimilarity.OfVectors(vectors, 2)));
    }

    [Fact]
    public void Attribute_similarity_is_the_share_of_common_values()
    {
        AttributeColumn genres = new Catalog(
        [
            Film("a", "Comedy", "Drama"), Film("b", "Drama"), Film("c", "War"), Film("d"), Film("e"),
        ]).Attribute("genre")!;
        Func<int, int, float> similarity = ItemSimilarity.OfAttribute(genres);

        Assert.Equal(0.5f, similarity(0, 1));
        Assert.Equal(0, similarity(0, 2));
        Assert.Equal(1, similarity(2, 2));
        Assert.Equal(0, similarity(3, 4));
    }

    [Fact]
    public void Coverage_and_gini_count_items_that_were_never_shown()
    {
        Assert.Equal(0.5, ListMetrics.Coverage([3, 0, 1, 0]));
        Assert.Equal(0, ListMetrics.Gini([2, 2, 2, 2]), 12);
        Assert.Equal(1, ListMetrics.Gini([0, 9, 0, 0]), 12);

        // Ascending 0 0 1 3: (-3*0 - 1*0 + 1*1 + 3*3) / (4 * 3).
        Assert.Equal(10.0 / 12, ListMetrics.Gini([3, 0, 1, 0]), 12);
    }

    [Fact]
    public void Alpha_ndcg_halves_a_topic_each_time_it_returns()
    {
        // Relevant: 0 (A), 1 (A), 2 (B), 3 (A and B); the greedy ideal is 3, 0, 2, 1.
        AttributeColumn topics = new Catalog(
        [
            Film("0", "A"), Film("1", "A"), Film("2", "B"), Film("3", "A", "B"), Film("4", "C"),
        ]).Attribute("genre")!;
        double second = 1 / Math.Log2(3);
        double fourth = 1 / Math.Log2(5);
        double ideal = 2 + 0.5 * second + 0.5 / 2 + 0.25 * fourth;

        Assert.Equal(
            (1 + 0.5 * second + 1 / 2.0) / ideal, ListMetrics.AlphaNdcg([0, 1, 2, 4], [0, 1, 2, 3], topics, 4), 12);
        Assert.Equal(1, ListMetrics.AlphaNdcg([3, 2, 0, 1], [0, 1, 2, 3], topics, 4), 12);
        Assert.Equal(0, ListMetrics.AlphaNdcg([4], [0], topics, 4));
        Assert.Equal(double.NaN, ListMetrics.AlphaNdcg([4], [], topics, 4));
    }

    [Fact]
    public void The_gap_between_groups_is_that_of_their_mean_places()
    {
        int[] groups = [0, 0, 1, 1, -1];
        double[] sums = new double[4];

        // Scores 1, 0.75, 0.5, 0.25, 0 for items 0, 2, 4, 1, 3.
        ListMetrics.AddGroupScores([0, 2, 4, 1, 3], groups, sums);

        Assert.Equal([1.25, 2, 0.75, 2], sums);
        Assert.Equal(0.25, ListMetrics.GroupGap(sums));
        Assert.Equal(double.NaN, ListMetrics.GroupGap([1, 1, 0, 0]));
    }

    private static Item Film(string id, params string[] genres) =>
        new(id) { Attributes = new Dictionary<string, IReadOnlyList<string>> { ["genre"] = genres } };
}
