namespace Palate.Llm;

/// <summary>How the strategy <c>graph</c> walks.</summary>
public sealed record GraphOptions
{
    /// <summary>Who orders, and who says where to go.</summary>
    /// <value>The default is <see cref="GraphExecution.Algorithm"/>.</value>
    public GraphExecution Execution { get; init; }

    /// <summary>How many steps a walk has at most, each at most one call; 1 to 20.</summary>
    /// <value>The default is 5, as in LLM4Rerank.</value>
    public int Steps { get; init; } = 5;

    /// <summary>How many results the pool holds at most, 1 to 20.</summary>
    /// <value>The default is 8.</value>
    public int PoolSize { get; init; } = 8;

    /// <summary>
    /// How often two candidates may change places at the end, where that serves all of the goal better than any node
    /// could; 0 to 1000. Only where an algorithm ordered: what a model ordered stays as it is.
    /// </summary>
    /// <value>The default is 50.</value>
    public int Exchanges { get; init; } = 50;

    /// <summary>The nodes, besides Backward and Stop; the walk starts at the first.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; init; } = GraphNode.Defaults;

    /// <summary>Node names to visit in this order instead of asking where to go; empty to ask.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>
    /// Whether the model sees the results so far and the best of them is taken; otherwise the newest is.
    /// </summary>
    /// <value>The default is true.</value>
    public bool UsesPool { get; init; } = true;

    /// <summary>The goals that have names.</summary>
    public GoalCatalog Goals { get; init; } = GoalCatalog.Default;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        if (Steps is < 1 or > 20)
        {
            throw new ArgumentException($"graph: steps is {Steps}; give 1 to 20.");
        }

        if (PoolSize is < 1 or > 20)
        {
            throw new ArgumentException($"graph: pool_size is {PoolSize}; give 1 to 20.");
        }

        if (Exchanges is < 0 or > 1000)
        {
            throw new ArgumentException($"graph: exchanges is {Exchanges}; give 0 to 1000.");
        }

        if (Nodes.Count is 0 or > 20 || Nodes[0].Aspect != GraphAspect.Accuracy)
        {
            throw new ArgumentException("graph: give 1 to 20 nodes, the first with the aspect accuracy: the walk starts there.");
        }

        foreach (GraphNode node in Nodes)
        {
            node.Validate();
            if (Nodes.Count(other => GraphWords.Is(other.Name, node.Name)) > 1)
            {
                throw new ArgumentException($"graph: two nodes are called '{node.Name}'; give each a name of its own.");
            }
        }

        foreach (string name in Path)
        {
            if (!GraphWords.IsFunction(name) && !Nodes.Any(node => GraphWords.Is(node.Name, name)))
            {
                throw new ArgumentException(
                    $"graph: the path goes to '{name}'; there are {string.Join(", ", Nodes.Select(node => node.Name))}, Backward and Stop.");
            }
        }
    }
}
