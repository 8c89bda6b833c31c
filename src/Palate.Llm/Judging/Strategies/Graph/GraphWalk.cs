namespace Palate.Llm;

/// <summary>A walk over the graph: its steps, why it ended, and the order that was taken.</summary>
/// <param name="Goal">What it was for.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Order">All candidates in the order that was taken, each once.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Reason">The same in a sentence.</param>
public sealed record GraphWalk(
    GraphGoal Goal, IReadOnlyList<GraphStep> Steps, IReadOnlyList<int> Order, GraphEnd End, string Reason)
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

    /// <summary>Who ordered and who led.</summary>
    public GraphExecution Execution { get; init; }
}
