namespace Palate.Llm.Tests;

public sealed class SetwiseInsertionStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new SetwiseInsertionStrategy();

    [Fact]
    public void A_good_base_ranking_saves_questions_and_the_result_is_the_same()
    {
        int insertion = 0;
        int heapsort = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            (double[] utilities, float[] scores) = Play.World(100, seed, trust: 0.9);
            var heap = new SetwiseHeapsortStrategy();
            Play.Game inserted = Play.ToTheEnd(
                Make(), new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 200);
            Play.Game heaped = Play.ToTheEnd(heap, new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 200);
            Assert.Equal(heap.Finish(heaped.Evidence).Order.Take(10), Make().Finish(inserted.Evidence).Order.Take(10));
            insertion += inserted.Questions;
            heapsort += heaped.Questions;
        }

        // The source reports 23 % fewer.
        Assert.True(insertion < 0.85 * heapsort, $"{insertion} questions by insertion, {heapsort} by heapsort.");
    }

    [Fact]
    public void The_last_of_the_top_is_shown_first()
    {
        (double[] utilities, float[] scores) = Play.World(13, seed: 1, trust: 1);
        var evidence = new Evidence(scores, 10);

        Play.Game game = Play.ToTheEnd(Make(), evidence, SimulatedJudge.Perfect(utilities), 50);

        Assert.Equal([evidence.BaseOrder[9], .. evidence.BaseOrder.Skip(10)], game.Rounds[^1][0].Candidates);
    }
}
