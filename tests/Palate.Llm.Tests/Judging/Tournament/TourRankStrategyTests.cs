namespace Palate.Llm.Tests;

public sealed class TourRankStrategyTests : StrategyContract
{
    protected override Strategy Make() => new TourRankStrategy();

    [Theory]
    [InlineData(1, 13)]
    [InlineData(3, 39)]
    public void A_hundred_candidates_take_13_questions_in_5_rounds_for_each_tournament(int tournaments, int questions)
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 1);
        var strategy = new TourRankStrategy(new TournamentOptions { Tournaments = tournaments });

        Play.Game game = Play.ToTheEnd(strategy, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 100);

        Assert.Equal(questions, game.Questions);
        Assert.Equal([5, 5, 1, 1, 1], game.Rounds.Select(round => round.Count / tournaments));
        Assert.Equal(
            [(20, 10), (10, 4), (20, 10), (10, 5), (5, 2)],
            game.Rounds.Select(round => (round[0].Candidates.Count, round[0].Wanted)));
    }

    [Fact]
    public void More_tournaments_find_more_of_the_top()
    {
        int one = 0;
        int ten = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            one += Found(seed, 1);
            ten += Found(seed, 10);
        }

        Assert.True(ten > one, $"{ten} of 100 found by ten tournaments, {one} by one.");
    }

    private static int Found(int seed, int tournaments)
    {
        (double[] utilities, float[] scores) = Play.World(100, seed);
        var strategy = new TourRankStrategy(new TournamentOptions { Tournaments = tournaments });
        Play.Game game = Play.ToTheEnd(
            strategy, new Evidence(scores, 10), SimulatedJudge.Noisy(utilities, 0.3, seed), 200);
        int[] right = Play.Truth(utilities)[..10];
        return strategy.Finish(game.Evidence).Order.Take(10).Count(right.Contains);
    }
}
