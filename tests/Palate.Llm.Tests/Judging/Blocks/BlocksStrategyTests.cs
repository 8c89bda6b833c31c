namespace Palate.Llm.Tests;

public sealed class BlocksStrategyTests : StrategyContract
{
    protected override Strategy Make() => new BlocksStrategy();

    [Theory]
    [InlineData(100, 2, false, 10, 1)]
    [InlineData(100, 3, true, 16, 2)]
    [InlineData(20, 3, true, 1, 1)]
    [InlineData(21, 2, false, 4, 1)]
    public void Questions_and_rounds_are_known_beforehand(
        int candidates, int replicas, bool second, int questions, int rounds)
    {
        (double[] utilities, float[] scores) = Play.World(candidates, seed: 1);
        var strategy = new BlocksStrategy(new BlockOptions { Replicas = replicas, SecondRound = second });

        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 100);

        Assert.Equal(questions, game.Questions);
        Assert.Equal(rounds, game.Rounds.Count);
    }

    [Fact]
    public void Every_candidate_is_in_as_many_blocks_as_there_are_replicas()
    {
        var strategy = new BlocksStrategy(new BlockOptions { Replicas = 4 });

        IReadOnlyList<Question> round = strategy.NextRound(new Evidence(new float[73], 10));

        Assert.All(
            Enumerable.Range(0, 73),
            candidate => Assert.Equal(4, round.Count(question => question.Candidates.Contains(candidate))));
        Assert.All(round, question => Assert.InRange(question.Candidates.Count, 18, 20));
    }

    [Fact]
    public void More_replicas_and_a_second_round_come_nearer_to_the_truth()
    {
        int once = 0;
        int often = 0;
        int twice = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            once += Found(seed, new BlockOptions { Replicas = 1 });
            often += Found(seed, new BlockOptions { Replicas = 4 });
            twice += Found(seed, new BlockOptions { Replicas = 4, SecondRound = true });
        }

        Assert.True(often > once, $"{often} of 100 found with four replicas, {once} with one.");
        Assert.True(twice >= often, $"{twice} of 100 found with a second round, {often} without.");
    }

    private static int Found(int seed, BlockOptions options)
    {
        (double[] utilities, float[] scores) = Play.World(100, seed);
        var strategy = new BlocksStrategy(options);
        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 100);
        int[] right = Play.Truth(utilities)[..10];
        return strategy.Finish(game.Evidence).Order.Take(10).Count(right.Contains);
    }
}
