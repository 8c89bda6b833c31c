namespace Palate.Llm.Tests;

public sealed class StrategiesTests
{
    [Fact]
    public void Every_name_makes_a_strategy_of_that_name()
    {
        Assert.NotEmpty(Strategies.Names);
        Assert.Distinct(Strategies.Names);
        Assert.All(Strategies.Names, name => Assert.Equal(name, Strategies.Create(name).Name));
    }

    [Theory]
    [InlineData("bogosort")]
    [InlineData("")]
    [InlineData("RankGPT")]
    public void An_unknown_name_is_refused_with_the_names_that_there_are(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Strategies.Create(name));

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.All(Strategies.Names, known => Assert.Contains(known, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_reach_their_strategy()
    {
        var options = new StrategyOptions { Blocks = new BlockOptions { Replicas = 5 }, BatchSize = 50 };
        var evidence = new Evidence(new float[100], 10);

        Assert.Equal(25, Strategies.Create("blocks", options).NextRound(evidence).Count);
        Assert.Equal(2, Strategies.Create("pointwise-batched", options).NextRound(evidence).Count);
        Assert.Throws<ArgumentException>(() => Strategies.Create(
            "setwise-heapsort", new StrategyOptions { Sets = new SetOptions { Children = 0 } }));
    }

    [Fact]
    public void What_is_shown_briefly_is_another_question_and_never_graded()
    {
        var whole = new Question(QuestionKind.Order, [1, 2]);
        var brief = new Question(QuestionKind.Order, [1, 2], isBrief: true);

        Assert.NotEqual(whole, brief);
        Assert.Equal(brief, new Question(QuestionKind.Order, [1, 2], isBrief: true));
        Assert.Throws<ArgumentException>(() => new Question(QuestionKind.Grade, [1], isBrief: true));
        Assert.Throws<ArgumentException>(() => new Question(QuestionKind.YesNo, [1], isBrief: true));
    }
}
