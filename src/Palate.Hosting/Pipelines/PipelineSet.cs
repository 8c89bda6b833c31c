namespace Palate.Hosting;

/// <summary>All pipelines beside those of the generations.</summary>
/// <param name="Definitions">The pipelines, each with a name of its own.</param>
/// <param name="IsAsking">Whether any of them asks a language model.</param>
internal sealed record PipelineSet(IReadOnlyList<PipelineDefinition> Definitions, bool IsAsking);
