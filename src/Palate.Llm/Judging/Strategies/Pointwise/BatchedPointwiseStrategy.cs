namespace Palate.Llm;

/// <summary>Grades for batches of candidates: n / batch size questions, rounded up, in one round.</summary>
/// <remarks>The instructions and the user are sent once per batch, not once per candidate; grades stay absolute.</remarks>
internal sealed class BatchedPointwiseStrategy : Strategy
{
    private readonly int _batchSize;

    /// <summary>A strategy with its batch size.</summary>
    /// <param name="batchSize">How many candidates a question shows, 1 to 100.</param>
    public BatchedPointwiseStrategy(int batchSize = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, 100);
        _batchSize = batchSize;
    }

    /// <inheritdoc/>
    public override string Name => "pointwise-batched";

    /// <inheritdoc/>
    public override IReadOnlyList<Question> NextRound(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return [.. Questions(evidence).Where(question => !evidence.WasAsked(question))];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Order(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return GradeOrder.Of(evidence, Questions(evidence));
    }

    private IEnumerable<Question> Questions(Evidence evidence) =>
        evidence.BaseOrder.Chunk(_batchSize).Select(batch => new Question(QuestionKind.Grade, batch));
}
