namespace Palate.Llm.Tests;

public sealed class PairwiseSlidingStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new PairwiseSlidingStrategy();

    [Fact]
    public void Ten_passes_over_100_take_at_most_as_many_comparisons_as_published_and_far_fewer_rounds()
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 1);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 1890);

        // k (2 n - k - 1) / 2 = 945 pairs, each in both orders; pairs that meet again are not asked again.
        Assert.InRange(game.Questions, 2 * 99, 2 * 945);
        Assert.InRange(game.Rounds.Count, 99, 120);
    }

    [Fact]
    public void One_pass_takes_99_comparisons_and_brings_the_best_to_the_front()
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 2);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 1), SimulatedJudge.Perfect(utilities), 198);

        Assert.Equal(198, game.Questions);
        Assert.Equal(Play.Truth(utilities)[0], Make().Finish(game.Evidence).Order[0]);
    }
}
