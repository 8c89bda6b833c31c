namespace Palate.Llm.Tests;

public sealed class FirstTokenStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new FirstTokenStrategy();

    [Fact]
    public void A_hundred_candidates_are_9_windows_of_first_tokens()
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 1);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 9);

        Assert.Equal(9, game.Questions);
        Assert.All(game.Rounds, round => Assert.Equal(QuestionKind.FirstToken, Assert.Single(round).Kind));
    }

    [Fact]
    public void A_window_larger_than_the_reported_alternatives_is_refused() =>
        Assert.Throws<ArgumentException>(() => new FirstTokenStrategy(new WindowOptions { WindowSize = 21 }));
}
