namespace Palate.Tests;

public sealed class RankingMetricsTests
{
    // Four items are relevant; the ranking finds three of them, at the ranks 1, 3 and 6 of 10.
    private static readonly float[] Grades = [1, 0, 1, 0, 0, 1, 0, 0, 0, 0];
    private static readonly float[] Ideal = [1, 1, 1, 1];

    [Theory]
    [InlineData("recall@5", 2.0 / 4)]
    [InlineData("recall_100", 3.0 / 4)]
    [InlineData("precision@5", 2.0 / 5)]
    [InlineData("P_10", 3.0 / 10)]
    [InlineData("precision@20", 3.0 / 20)]
    [InlineData("hr@1", 1.0)]
    [InlineData("recip_rank", 1.0)]
    [InlineData("map", (1.0 + 2.0 / 3 + 3.0 / 6) / 4)]
    [InlineData("map@3", (1.0 + 2.0 / 3) / 4)]
    [InlineData("map_capped@3", (1.0 + 2.0 / 3) / 3)]
    [InlineData("ndcg@10", 1.856207 / 2.561606)]
    [InlineData("ndcg_cut_10", 1.856207 / 2.561606)]
    [InlineData("ndcg@3", 1.5 / 2.130930)]
    [InlineData("ndcg_full@3", 1.5 / 2.561606)]
    [InlineData("pairwise@10", (7.0 + 6 + 4) / 21)]
    public void Agrees_with_hand_computed_values(string name, double expected)
    {
        Assert.Equal(expected, Metric.Parse(name).Evaluate(Grades, Ideal), 6);
    }

    [Fact]
    public void Graded_ndcg_agrees_with_the_textbook_example()
    {
        // Grades 3 2 3 0 1 2 with a 3 and a 2 that were not found: DCG 6.861, ideal of six 8.740.
        float[] grades = [3, 2, 3, 0, 1, 2];
        float[] ideal = [3, 3, 3, 2, 2, 2, 1];

        Assert.Equal(6.861, RankingMetrics.Dcg(grades, Gain.Linear), 3);
        Assert.Equal(0.785, Metric.Parse("ndcg_linear@6").Evaluate(grades, ideal), 3);
        double found = 7 + 3 / Math.Log2(3) + 7 / 2.0 + 1 / Math.Log2(6) + 3 / Math.Log2(7);
        double best = 7 + 7 / Math.Log2(3) + 7 / 2.0 + 3 / Math.Log2(5) + 3 / Math.Log2(6) + 3 / Math.Log2(7);
        Assert.Equal(found / best, Metric.Parse("ndcg_exp@6").Evaluate(grades, ideal), 12);
        Assert.Equal(
            found / (best + 1 / Math.Log2(8)), Metric.Parse("ndcg_exp_full@6").Evaluate(grades, ideal), 12);
    }

    [Fact]
    public void Pairwise_accuracy_of_grades_leaves_ties_out()
    {
        // Five pairs differ in grade; of them only the 1 before the second 2 is the wrong way round.
        float[] grades = [2, 1, 2, 0];

        Assert.Equal(4.0 / 5, RankingMetrics.PairwiseAccuracy(grades, 10));
        Assert.Equal(1, RankingMetrics.PairwiseAccuracy(grades, 2));
        Assert.Equal(double.NaN, RankingMetrics.PairwiseAccuracy([2, 2], 2));
    }

    [Fact]
    public void Without_relevant_items_there_is_no_value()
    {
        foreach (string word in Metric.Names)
        {
            var metric = Metric.Parse($"{word}@5");
            if (metric.IsAccuracy)
            {
                Assert.Equal(double.NaN, metric.Evaluate([0, 0, 0], []));
            }
        }
    }

    [Fact]
    public void A_short_ranking_counts_what_is_missing_as_not_relevant()
    {
        Assert.Equal(0.2, Metric.Parse("precision@5").Evaluate([1], [1, 1]));
        Assert.Equal(0, Metric.Parse("recall@5").Evaluate([], [1, 1]));
        Assert.Equal(0, Metric.Parse("mrr").Evaluate([], [1, 1]));
        Assert.Equal(1 / (1 + 1 / Math.Log2(3)), Metric.Parse("ndcg@5").Evaluate([1], [1, 1]), 12);
    }

    [Fact]
    public void The_ideal_order_scores_1_and_a_swap_towards_it_never_hurts()
    {
        string[] names = ["ndcg@8", "ndcg_exp@8", "ndcg_linear@8", "map", "mrr@8", "recall@8", "map_capped@8", "pairwise@8"];
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            float[] grades = new float[12];
            for (int index = 0; index < grades.Length; index++)
            {
                grades[index] = Math.Max(0, random.Next(6) - 2);
            }

            grades[random.Next(12)] = 1;
            float[] ideal = [.. grades.Where(grade => grade > 0).OrderDescending()];
            float[] best = [.. grades.OrderDescending()];
            int place = random.Next(11);
            float[] swapped = [.. grades];
            (swapped[place], swapped[place + 1]) =
                (Math.Max(grades[place], grades[place + 1]), Math.Min(grades[place], grades[place + 1]));
            foreach (string name in names)
            {
                var metric = Metric.Parse(name);
                double value = metric.Evaluate(grades, ideal);
                Assert.True(metric.Evaluate(best, ideal) >= value || double.IsNaN(value));
                if (name.StartsWith("ndcg", StringComparison.Ordinal))
                {
                    Assert.Equal(1, metric.Evaluate(best, ideal), 12);
                }

                if (name != "pairwise@8")
                {
                    Assert.True(metric.Evaluate(swapped, ideal) >= value - 1e-12);
                }
            }
        }
    }
}
