namespace Palate.Llm;

/// <summary>What an order should achieve beyond relevance: a sentence for the model, and weights to measure it by.</summary>
/// <param name="Name">The name in the catalog, or <c>request</c> for a sentence that was read.</param>
/// <param name="Sentence">What the model is told.</param>
/// <param name="Weights">
/// What a node's value counts beside accuracy, which counts 1; by the name of the node or of its aspect.
/// </param>
public sealed record GraphGoal(string Name, string Sentence, IReadOnlyDictionary<string, double> Weights)
{
    /// <summary>How the sentence was understood.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What each of the nodes counts; that of accuracy is 1.</summary>
    internal double[] WeightsOf(IReadOnlyList<GraphNode> nodes) =>
    [
        .. nodes.Select((node, place) => place == 0 ? 1
            : Find(node.Name) ?? (nodes.First(other => other.Aspect == node.Aspect) == node
                ? Find(node.Aspect.ToString()) ?? 0
                : 0)),
    ];

    private double? Find(string name)
    {
        foreach ((string key, double weight) in Weights)
        {
            if (GraphWords.Is(key, name))
            {
                return weight;
            }
        }

        return null;
    }
}
