namespace Palate.Llm;

/// <summary>Whether each candidate fits, graded by the probability of "yes": n questions in one round.</summary>
/// <remarks>Relevance generation, Liang et al. 2022, arXiv 2211.09110; needs token probabilities.</remarks>
internal sealed class YesNoStrategy : Strategy
{
    /// <inheritdoc/>
    public override string Name => "yes-no";

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
        evidence.BaseOrder.Select(candidate => new Question(QuestionKind.YesNo, [candidate]));
}
