namespace Palate.Hosting;

/// <summary>Where the service finds generations: three questions to a store.</summary>
/// <param name="CurrentName">The generation to serve; null when none is published. Asked every second.</param>
/// <param name="Load">Reads a generation whole and checks it; throws with a clear message when it is damaged.</param>
/// <param name="List">All published generations, newest first.</param>
public sealed record GenerationFeed(
    Func<string?> CurrentName, Func<string, ServedGeneration> Load, Func<IReadOnlyList<GenerationEntry>> List)
{
    /// <summary>The generations of a home.</summary>
    /// <param name="store">The home's folder of generations.</param>
    /// <param name="time">The clock that requests are answered by.</param>
    /// <param name="pipelines">Pipelines beside the generations' own.</param>
    public static GenerationFeed Of(
        GenerationStore store, TimeProvider time, params IReadOnlyList<PipelineDefinition> pipelines)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        return new GenerationFeed(
            () => store.CurrentName,
            name =>
            {
                var recommender = new Recommender(store.Load(name), time, pipelines);
                return new ServedGeneration(name, recommender.RecommendAsync) { BudgetOf = recommender.BudgetOf };
            },
            () => [.. store.List().Reverse().Select(manifest =>
                new GenerationEntry(manifest.Name, manifest.CreatedAt, manifest.DataHash))]);
    }
}
