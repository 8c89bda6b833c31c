namespace Palate.Llm;

/// <summary>A grade for each candidate alone: n questions in one round.</summary>
/// <remarks>Relevance generation with grades, Zhuang et al. 2024, arXiv 2310.14122.</remarks>
internal sealed class PointwiseStrategy : Strategy
{
    /// <inheritdoc/>
    public override string Name => "pointwise";

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

    private static IEnumerable<Question> Questions(Evidence evidence) =>
        evidence.BaseOrder.Select(candidate => new Question(QuestionKind.Grade, [candidate]));
}
