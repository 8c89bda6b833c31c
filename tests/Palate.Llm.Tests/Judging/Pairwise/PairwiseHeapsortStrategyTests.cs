namespace Palate.Llm.Tests;

public sealed class PairwiseHeapsortStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new PairwiseHeapsortStrategy();

    [Fact]
    public void The_top_10_of_100_take_about_as_many_comparisons_as_published()
    {
        List<int> comparisons = [];
        List<int> rounds = [];
        for (int seed = 1; seed <= 10; seed++)
        {
            (double[] utilities, float[] scores) = Play.World(100, seed);
            Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 600);
            Assert.Equal(0, game.Questions % 2);
            comparisons.Add(game.Questions / 2);
            rounds.Add(game.Rounds.Count);
        }

        // 209 to 242 in the reproductions of PRP by ielab/llm-rankers.
        Assert.InRange(comparisons.Average(), 195, 250);
        Assert.True(rounds.Average() < comparisons.Average() / 1.5, "The levels of the heap are not asked together.");
    }

    [Fact]
    public void A_pair_that_contradicts_itself_leaves_the_base_order()
    {
        (_, float[] scores) = Play.World(50, seed: 1);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.StuckOnFirst(), 600);

        Assert.Equal(game.Evidence.BaseOrder, Make().Finish(game.Evidence).Order);
    }
}
