namespace Palate.Llm.Tests;

public sealed class RankGptStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new RankGptStrategy();

    [Theory]
    [InlineData(100, 20, 10, 1, 9)]
    [InlineData(100, 20, 10, 3, 27)]
    [InlineData(20, 20, 10, 1, 1)]
    [InlineData(21, 20, 10, 1, 2)]
    [InlineData(100, 4, 2, 1, 49)]
    public void The_number_of_windows_is_as_published(int candidates, int window, int stride, int passes, int questions)
    {
        (double[] utilities, float[] scores) = Play.World(candidates, seed: 1);
        var strategy = new RankGptStrategy(
            new WindowOptions { WindowSize = window, Stride = stride, Passes = passes });

        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 200);

        Assert.Equal(questions, game.Questions);
        Assert.Equal(questions, game.Rounds.Count);
        Assert.All(game.Rounds, round => Assert.Equal(QuestionKind.Order, Assert.Single(round).Kind));
    }

    [Fact]
    public void The_first_window_is_the_back_and_each_next_one_starts_with_fresh_candidates()
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 4);
        var evidence = new Evidence(scores, 10);

        Play.Game game = Play.ToTheEnd(Make(), evidence, SimulatedJudge.Perfect(utilities), 9);

        Assert.Equal(evidence.BaseOrder.Skip(80), game.Rounds[0][0].Candidates);
        Assert.Equal(evidence.BaseOrder.Skip(70).Take(10), game.Rounds[1][0].Candidates.Take(10));
        IEnumerable<int> carried = game.Rounds[0][0].Candidates.OrderByDescending(shown => utilities[shown]).Take(10);
        Assert.Equal(carried, game.Rounds[1][0].Candidates.Skip(10));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(20, 20, 1)]
    [InlineData(20, 0, 1)]
    [InlineData(101, 10, 1)]
    [InlineData(20, 10, 0)]
    public void Options_out_of_their_limits_are_refused(int window, int stride, int passes) =>
        Assert.Throws<ArgumentException>(() => new RankGptStrategy(
            new WindowOptions { WindowSize = window, Stride = stride, Passes = passes }));
}
