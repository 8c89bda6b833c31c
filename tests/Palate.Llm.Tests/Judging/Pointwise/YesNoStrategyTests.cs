namespace Palate.Llm.Tests;

public sealed class YesNoStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new YesNoStrategy();

    [Fact]
    public void A_hundred_candidates_are_a_hundred_questions_in_one_round()
    {
        IReadOnlyList<Question> round = Make().NextRound(new Evidence(new float[100], 10));

        Assert.Equal(100, round.Count);
        Assert.All(round, question => Assert.Equal(QuestionKind.YesNo, question.Kind));
    }
}
