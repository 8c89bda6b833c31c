namespace Palate.Llm.Tests;

public sealed class SelfConsistencyStrategyTests : StrategyContract
{
    protected override Strategy Make() => new SelfConsistencyStrategy();

    [Fact]
    public void All_shuffles_are_asked_in_one_round_and_differ()
    {
        var strategy = new SelfConsistencyStrategy(new ConsistencyOptions { Shuffles = 5 });

        IReadOnlyList<Question> round = strategy.NextRound(new Evidence(new float[20], 10));

        Assert.Equal(5, round.Count);
        Assert.Equal(5, round.Select(question => string.Join(' ', question.Candidates)).Distinct().Count());
    }

    [Theory]
    [InlineData(OrderAggregation.Borda)]
    [InlineData(OrderAggregation.Kemeny)]
    public void A_judge_that_is_always_right_leads_to_the_right_order_of_the_window(OrderAggregation aggregation)
    {
        (double[] utilities, float[] scores) = Play.World(20, seed: 1);
        var strategy = new SelfConsistencyStrategy(new ConsistencyOptions { Aggregation = aggregation });

        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 3);

        Assert.Equal(Play.Truth(utilities), strategy.Finish(game.Evidence).Order);
    }

    [Theory]
    [InlineData(OrderAggregation.Borda)]
    [InlineData(OrderAggregation.Kemeny)]
    public void More_shuffles_of_a_noisy_judge_come_nearer_to_the_truth(OrderAggregation aggregation)
    {
        double one = 0;
        double many = 0;
        for (int seed = 1; seed <= 20; seed++)
        {
            (double[] utilities, float[] scores) = Play.World(20, seed);
            one += Inversions(utilities, scores, seed, 1, aggregation);
            many += Inversions(utilities, scores, seed, 9, aggregation);
        }

        Assert.True(many < 0.6 * one, $"{many} inversions with nine shuffles, {one} with one.");
    }

    [Fact]
    public void Kemeny_finds_the_order_with_the_fewest_disagreements()
    {
        // Three voters of five candidates; all 120 orders are tried.
        for (int seed = 1; seed <= 20; seed++)
        {
            var votes = new PairVotes([0, 1, 2, 3, 4]);
            List<int[]> orders = [];
            for (int voter = 0; voter < 3; voter++)
            {
                int[] order = SeededShuffle.Of([0, 1, 2, 3, 4], (ulong)seed, voter);
                orders.Add(order);
                votes.Add(Judgment.Ordered(new Question(QuestionKind.Order, [0, 1, 2, 3, 4]), order));
            }

            int[] found = votes.Borda();
            int before = Disagreements(found, orders);
            votes.Improve(found);

            int fewest = Permutations([0, 1, 2, 3, 4]).Min(order => Disagreements(order, orders));
            Assert.True(Disagreements(found, orders) <= before);
            Assert.InRange(Disagreements(found, orders), fewest, fewest + 1);
        }
    }

    private static int Inversions(double[] utilities, float[] scores, int seed, int shuffles, OrderAggregation aggregation)
    {
        var strategy = new SelfConsistencyStrategy(
            new ConsistencyOptions { Shuffles = shuffles, Aggregation = aggregation });
        Play.Game game = Play.ToTheEnd(
            strategy, new Evidence(scores, 10), SimulatedJudge.Noisy(utilities, 0.8, seed), shuffles);
        return Disagreements([.. strategy.Finish(game.Evidence).Order], [Play.Truth(utilities)]);
    }

    private static int Disagreements(int[] order, IReadOnlyList<int[]> votes) => votes.Sum(vote =>
        Enumerable.Range(0, order.Length).Sum(above => Enumerable.Range(above + 1, order.Length - above - 1)
            .Count(below => Array.IndexOf(vote, order[above]) > Array.IndexOf(vote, order[below]))));

    private static IEnumerable<int[]> Permutations(int[] values) => values.Length == 0
        ? [[]]
        : values.SelectMany(first => Permutations([.. values.Where(value => value != first)])
            .Select(rest => (int[])[first, .. rest]));
}
