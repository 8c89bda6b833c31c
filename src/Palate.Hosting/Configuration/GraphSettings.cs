using Palate.Llm;

namespace Palate.Hosting;

/// <summary>The strategy <c>graph</c> as <c>palate.yaml</c> declares it.</summary>
internal sealed record GraphSettings
{
    /// <summary>Who orders and who leads: <c>algorithm</c>, <c>model</c> or <c>rules</c>.</summary>
    /// <value>The default is <c>algorithm</c>.</value>
    public GraphExecution Execution { get; init; }

    /// <summary>How many steps a walk has at most, 1 to 20.</summary>
    /// <value>The default is 5.</value>
    public int Steps { get; init; } = new GraphOptions().Steps;

    /// <summary>How many results the pool holds at most, 1 to 20.</summary>
    /// <value>The default is 8.</value>
    public int PoolSize { get; init; } = new GraphOptions().PoolSize;

    /// <summary>How often two candidates may change places at the end, 0 to 1000.</summary>
    /// <value>The default is 50.</value>
    public int Exchanges { get; init; } = new GraphOptions().Exchanges;

    /// <summary>The nodes; absent for those that come with Palate. The walk starts at the first.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; init; } = [];

    /// <summary>Node names to visit in this order instead of asking where to go.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The options, with the goals of a home.</summary>
    public GraphOptions Options(GoalCatalog goals) => new()
    {
        Execution = Execution,
        Steps = Steps,
        PoolSize = PoolSize,
        Exchanges = Exchanges,
        Nodes = Nodes.Count > 0 ? Nodes : GraphNode.Defaults,
        Path = Path,
        Goals = goals,
    };
}
