namespace Palate.Llm.Tests;

public sealed class BatchedPointwiseStrategyTests : StrategyContract
{
    protected override bool FindsTheTop => true;

    protected override Strategy Make() => new BatchedPointwiseStrategy();

    [Theory]
    [InlineData(100, 10, 10)]
    [InlineData(101, 10, 11)]
    [InlineData(60, 20, 3)]
    [InlineData(5, 100, 1)]
    public void The_number_of_questions_is_the_number_of_batches(int candidates, int batch, int questions) =>
        Assert.Equal(questions, new BatchedPointwiseStrategy(batch).NextRound(new Evidence(new float[candidates], 10)).Count);

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_batch_size_out_of_its_limits_is_refused(int batch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchedPointwiseStrategy(batch));
}
