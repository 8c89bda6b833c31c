namespace Palate.Llm;

/// <summary>A walk over the graph: its steps, why it ended, and the order that was taken.</summary>
/// <param name="Goal">What it was for.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Order">All candidates in the order that was taken, each once.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Ending">The same in a sentence, and what was taken.</param>
public sealed record GraphWalk(
    GraphGoal Goal, IReadOnlyList<GraphStep> Steps, IReadOnlyList<int> Order, GraphEnd End, string Ending)
    : Verdict(() => Order)
{
    /// <summary>The step whose order was taken, from 0; -1 for the order by relevance.</summary>
    public int Taken { get; init; } = -1;

    /// <summary>How many exchanges of two candidates followed the step that was taken.</summary>
    public int Exchanges { get; init; }

    /// <summary>What the order that was taken is worth to the goal.</summary>
    public double Worth { get; init; }

    /// <summary>What the order by relevance is worth to the goal.</summary>
    public double BaseWorth { get; init; }

    /// <summary>The steps for which the model gave no answer, so that rules led on.</summary>
    public int Unanswered { get; init; }

    /// <summary>Whether rules led all the way, as was wanted.</summary>
    public bool IsByRules { get; init; }

    /// <inheritdoc/>
    public override bool IsFinal => true;

    /// <inheritdoc/>
    public override bool AsksModel => !IsByRules;

    /// <inheritdoc/>
    public override string Reason =>
        $"{(IsByRules ? "Rules walked the graph without a model. " : "")}{Goal.Reason} {Ending}";

    /// <inheritdoc/>
    public override Explanation Explain(int candidate) => GraphExplanation.Of(this, candidate);

    /// <inheritdoc/>
    /// <remarks>
    /// The model's orders by accuracy: what it put first for diversity or fairness proves nothing for or against its
    /// sense of relevance.
    /// </remarks>
    public override Evidence Relevance(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var asked = Steps
            .Where(step => step is { Aspect: GraphAspect.Accuracy, By: "model", Question: not null })
            .Select(step => step.Question!)
            .ToHashSet();
        return evidence.Where(judgment => asked.Contains(judgment.Question));
    }
}
