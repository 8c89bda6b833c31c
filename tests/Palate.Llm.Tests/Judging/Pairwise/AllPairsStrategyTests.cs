namespace Palate.Llm.Tests;

public sealed class AllPairsStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new AllPairsStrategy();

    [Fact]
    public void A_hundred_candidates_are_9900_questions_in_one_round() =>
        Assert.Equal(9900, Make().NextRound(new Evidence(new float[100], 10)).Count);

    [Fact]
    public void A_pair_that_contradicts_itself_leaves_the_base_order()
    {
        (_, float[] scores) = Play.World(12, seed: 1);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.StuckOnFirst(), 200);

        Assert.Equal(game.Evidence.BaseOrder, Make().Finish(game.Evidence).Order);
    }
}
