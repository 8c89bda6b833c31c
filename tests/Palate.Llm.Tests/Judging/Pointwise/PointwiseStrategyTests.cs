namespace Palate.Llm.Tests;

public sealed class PointwiseStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new PointwiseStrategy();

    [Fact]
    public void A_hundred_candidates_are_a_hundred_questions_in_one_round()
    {
        (double[] utilities, float[] scores) = Play.World(100, seed: 1);

        Play.Game game = Play.ToTheEnd(Make(), new Evidence(scores, 10), SimulatedJudge.Perfect(utilities), 100);

        Assert.Equal(100, game.Questions);
        Assert.Single(game.Rounds);
        Assert.All(game.Rounds[0], question => Assert.Equal(QuestionKind.Grade, question.Kind));
    }

    [Fact]
    public void A_candidate_without_a_grade_keeps_its_base_place()
    {
        var evidence = new Evidence([4, 3, 2, 1], 4);
        double[] grades = [0.1, double.NaN, 0.9, 0.5];
        foreach (Question question in Make().NextRound(evidence))
        {
            if (double.IsNaN(grades[question.Candidates[0]]))
            {
                evidence.AddFailure(question);
            }
            else
            {
                evidence.Add(Judgment.Graded(question, [grades[question.Candidates[0]]]));
            }
        }

        Assert.Equal([2, 1, 3, 0], Make().Finish(evidence).Order);
    }
}
