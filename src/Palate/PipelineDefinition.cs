namespace Palate;

/// <summary>A pipeline with parts that do not belong to a generation: who re-ranks what the generation ranked.</summary>
/// <param name="Name">The name that requests use; a generation's pipeline of the same name is replaced by it.</param>
public sealed record PipelineDefinition(string Name)
{
    /// <summary>The generation's pipeline that retrieves and ranks.</summary>
    /// <value>The default is <c>default</c>.</value>
    public string Base { get; init; } = PipelineBuilder.DefaultName;

    /// <summary>
    /// Makes what rewrites queries before they are searched by; called once for each generation, before its first request.
    /// Null to search by them as they were typed.
    /// </summary>
    public Func<Generation, IQueryRewriter>? Rewriting { get; init; }

    /// <summary>Who re-ranks; null for nobody.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>How answers are shaped; null for not at all. A request can say otherwise.</summary>
    public ShapingOptions? Shaping { get; init; }

    /// <summary>Shapers beside the built-in ones, by their names.</summary>
    public IReadOnlyList<Shaper> Shapers { get; init; } = [];

    /// <summary>What a request may cost that says nothing of it.</summary>
    public Budget Budget { get; init; } = new();
}
