namespace Palate.Llm.Tests;

public sealed class SetwiseHeapsortStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new SetwiseHeapsortStrategy();

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public void The_top_10_of_100_take_as_many_questions_as_published(int children)
    {
        List<int> questions = [];
        List<int> rounds = [];
        for (int seed = 1; seed <= 10; seed++)
        {
            (double[] utilities, float[] scores) = Play.World(100, seed);
            var strategy = new SetwiseHeapsortStrategy(new SetOptions { Children = children });
            Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 200);
            Assert.All(
                game.Rounds.SelectMany(round => round),
                question => Assert.True(question.Candidates.Count <= children + 1));
            questions.Add(game.Questions);
            rounds.Add(game.Rounds.Count);
        }

        // 72 to 130 in the reproductions of Setwise.
        Assert.InRange(questions.Average(), 72, 135);
        Assert.True(rounds.Average() < 0.75 * questions.Average(), "The levels of the heap are not asked together.");
    }
}
