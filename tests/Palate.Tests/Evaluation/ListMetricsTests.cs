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

    [Fact]
    public void Topic_ndcg_counts_every_candidate_and_finds_its_greedy_ideal()
    {
        AttributeColumn topics = Genres(["A"], ["A"], ["B"], ["A", "B"]);
        double second = 1 / Math.Log2(3);

        // At 2: A then B is 1 + 1/log2(3); the ideal takes AB first, then half of any.
        Assert.Equal((1 + second) / (2 + (0.5 * second)), ListMetrics.TopicNdcg([0, 2, 1, 3], topics, 2), 12);
        Assert.Equal(1, ListMetrics.TopicNdcg([3, 0, 2, 1], topics, 4), 12);
        Assert.Equal(double.NaN, ListMetrics.TopicNdcg([0], Genres([[], ["A"]]), 4));
    }

    [Fact]
    public void Entropy_is_two_bits_for_four_items_shown_alike_and_none_for_one()
    {
        Assert.Equal(2, ListMetrics.Entropy([3, 3, 3, 3, 0]), 12);
        Assert.Equal(0, ListMetrics.Entropy([0, 7]), 12);
        Assert.Equal(1.5, ListMetrics.Entropy([2, 1, 1]), 12);
        Assert.Equal(double.NaN, ListMetrics.Entropy([0, 0]));
    }

    [Fact]
    public void Topic_entropy_shares_an_item_s_vote_among_its_topics()
    {
        AttributeColumn topics = Genres(["A", "B"], ["A"], ["B"], [], ["C", "D"]);

        Assert.Equal(1, ListMetrics.TopicEntropy([0], topics), 12);
        Assert.Equal(1, ListMetrics.TopicEntropy([1, 2, 3], topics), 12);
        Assert.Equal(2, ListMetrics.TopicEntropy([0, 4], topics), 12);
        Assert.Equal(double.NaN, ListMetrics.TopicEntropy([3], topics));
    }

    [Fact]
    public void Calibration_is_the_smoothed_divergence_from_the_history()
    {
        AttributeColumn topics = Genres(["A"], ["B"], ["A", "B"], [], ["C"]);

        // History: A 3/4, B 1/4. The list: A 1, so q~ is .99 + .0075 and .0025.
        double expected = (0.75 * Math.Log(0.75 / 0.9975)) + (0.25 * Math.Log(0.25 / 0.0025));
        Assert.Equal(expected, ListMetrics.Calibration([0], [0, 2], topics), 12);
        Assert.Equal(0, ListMetrics.Calibration([2, 0], [0, 2], topics), 12);
        Assert.Equal(-Math.Log(0.01), ListMetrics.Calibration([4], [0, 2], topics), 12);
        Assert.Equal(double.NaN, ListMetrics.Calibration([3], [0], topics));
        Assert.Equal(double.NaN, ListMetrics.Calibration([0], [], topics));
    }

    [Fact]
    public void Exposure_is_compared_with_what_is_due()
    {
        double[] sums = new double[2];
        ListMetrics.AddExposure([0, 3, 2, 1], [0, 0, 1, -1], sums);

        Assert.Equal(1 + (1 / Math.Log2(5)), sums[0], 12);
        Assert.Equal(0.5, sums[1], 12);
        Assert.Equal(1, ListMetrics.ExposureRatio([3, 1], [6, 2]), 12);
        Assert.Equal(0.25, ListMetrics.ExposureRatio([2, 1], [1, 2]), 12);
        Assert.Equal(ListMetrics.ExposureRatio([2, 1], [1, 2]), ListMetrics.ExposureRatio([1, 2], [2, 1]), 12);
        Assert.Equal(0, ListMetrics.ExposureRatio([1, 0], [1, 1]));
        Assert.Equal(double.NaN, ListMetrics.ExposureRatio([1, 0], [1, 0]));
    }

    [Fact]
    public void A_random_list_of_twenty_has_the_known_gap_between_its_groups()
    {
        // Reference values for random lists of 20: 0.112 with ten to ten, 0.129 with five to fifteen, 0.191 with two.
        foreach ((int members, double expected) in new[] { (10, 0.112), (5, 0.129), (2, 0.191) })
        {
            var random = new SeededRandom(5);
            int[] groups = [.. Enumerable.Range(0, 20).Select(item => item < members ? 1 : 0)];
            int[] list = [.. Enumerable.Range(0, 20)];
            double sum = 0;
            double[] pooled = new double[4];
            for (int trial = 0; trial < 20_000; trial++)
            {
                random.Shuffle<int>(list);
                double[] sums = new double[4];
                ListMetrics.AddGroupScores(list, groups, sums);
                ListMetrics.AddGroupScores(list, groups, pooled);
                sum += ListMetrics.GroupGap(sums) / 20_000;
            }

            Assert.Equal(expected, sum, 0.003);
            Assert.InRange(ListMetrics.GroupGap(pooled), 0, 0.01);
        }
    }

    private static AttributeColumn Genres(params string[][] genres) =>
        new Catalog([.. genres.Select((own, index) => Film($"{index}", own))]).Attribute("genre")!;

    private static Item Film(string id, params string[] genres) =>
        new(id) { Attributes = new Dictionary<string, IReadOnlyList<string>> { ["genre"] = genres } };
}
