namespace Palate.Llm;

/// <summary>One step of a walk.</summary>
/// <param name="Node">The node's name, or Backward.</param>
/// <param name="Order">The candidates as the step left them, best first.</param>
/// <param name="Change">How far it moved them, 0 for not at all to 1 for turned round, against the newest result before.</param>
/// <param name="Values">What the order is worth to each node, 0 to 1, by the node's name.</param>
/// <param name="Worth">What it is worth to the goal: the weighted mean of the values.</param>
public sealed record GraphStep(
    string Node, IReadOnlyList<int> Order, double Change, IReadOnlyDictionary<string, double> Values, double Worth)
{
    /// <summary>What the node looks at; null for Backward.</summary>
    public GraphAspect? Aspect { get; init; }

    /// <summary>Who ordered: <c>model</c> or <c>algorithm</c>; empty for Backward.</summary>
    public string By { get; init; } = "";

    /// <summary>Where the step led, as it was said.</summary>
    public string Next { get; init; } = "";

    /// <summary>What was asked; null when no call was made.</summary>
    public Question? Question { get; init; }

    /// <summary>The tokens of the prompt, estimated; 0 when none is known.</summary>
    public int Tokens { get; init; }
}
