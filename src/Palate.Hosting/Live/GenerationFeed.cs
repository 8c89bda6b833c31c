namespace Palate.Hosting;

/// <summary>Where generations come from: three questions to a store.</summary>
/// <param name="CurrentName">The generation to serve; null when none is published. Asked every second.</param>
/// <param name="Load">Reads a generation whole and checks it; throws with a clear message when it is damaged.</param>
/// <param name="List">All published generations, newest first.</param>
internal sealed record GenerationFeed(
    Func<string?> CurrentName, Func<string, ServedGeneration> Load, Func<IReadOnlyList<GenerationManifest>> List)
{
    /// <summary>Whether there is one generation for good: then a host that cannot load it does not start.</summary>
    public bool IsFixed { get; init; }

    /// <summary>One generation, however it is made.</summary>
    public static GenerationFeed Of(Func<Generation> generation, TimeProvider time, IReadOnlyList<PipelineDefinition> pipelines) => new(
        () => generation().Name,
        _ => Serve(new Recommender(generation(), time, pipelines)),
        () => [generation().Manifest])
    {
        IsFixed = true,
    };

    /// <summary>The generations of a home.</summary>
    /// <param name="store">The home's folder of generations.</param>
    /// <param name="time">The clock that requests are answered by.</param>
    /// <param name="pipelines">Pipelines beside the generations' own.</param>
    public static GenerationFeed Of(
        GenerationStore store, TimeProvider time, IReadOnlyList<PipelineDefinition> pipelines) => new(
        () => store.CurrentName,
        name => Serve(new Recommender(store.Load(name), time, pipelines)),
        () => [.. store.List().Reverse()]);

    private static ServedGeneration Serve(Recommender recommender) =>
        new(recommender.Generation.Name, recommender.RecommendAsync) { BudgetOf = recommender.BudgetOf };
}
