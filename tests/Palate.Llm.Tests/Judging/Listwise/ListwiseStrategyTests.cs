namespace Palate.Llm.Tests;

public sealed class ListwiseStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new ListwiseStrategy();

    [Fact]
    public void Candidates_beyond_the_window_keep_their_places()
    {
        (double[] utilities, float[] scores) = Play.World(50, seed: 1);
        var strategy = new ListwiseStrategy(20);

        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Hostile(utilities), 1);

        Assert.Equal(20, game.Rounds[0][0].Candidates.Count);
        Assert.Equal(game.Evidence.BaseOrder.Skip(20), strategy.Finish(game.Evidence).Order.Skip(20));
    }

    [Fact]
    public void What_a_reply_leaves_out_follows_in_the_order_shown()
    {
        var evidence = new Evidence([5, 4, 3, 2, 1], 5);
        Question question = Assert.Single(Make().NextRound(evidence));

        evidence.Add(Judgment.Ordered(question, [3, 1]));

        Assert.Equal([3, 1, 0, 2, 4], Make().Finish(evidence).Order);
    }
}
