using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>A model as the re-ranker uses it: the decorated client, and what was learned about talking to it.</summary>
/// <param name="Name">The name in settings and reports.</param>
/// <param name="Chat">The client with its decorators.</param>
public sealed record ModelConnection(string Name, IChatClient Chat)
{
    /// <summary>How long calls take.</summary>
    public LatencyModel Latency { get; init; } = new();

    /// <summary>Whether the client's own decorators tell <see cref="Latency"/> of every call; else the re-ranker does.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>How many tokens texts have.</summary>
    public TokenEstimator Estimator { get; init; } = new();

    /// <summary>Grades that are known already; null to keep none.</summary>
    public GradeCache? Grades { get; init; }
}
