namespace Palate;

/// <summary>The pipelines of a generation as stages of an evaluation.</summary>
public static class GenerationStages
{
    /// <summary>One stage per pipeline: it ranks the candidates for a user of the generation, seen items left out.</summary>
    /// <param name="generation">What is evaluated; it was trained without what is held out.</param>
    /// <param name="pipelines">The names of the pipelines, in the order of the report.</param>
    public static IReadOnlyList<EvaluationStage> Of(Generation generation, IReadOnlyList<string> pipelines)
    {
        ArgumentNullException.ThrowIfNull(generation);
        ArgumentNullException.ThrowIfNull(pipelines);
        return [.. pipelines.Select(name => new EvaluationStage(name, Ranked(generation, generation.Pipeline(name))))];
    }

    private static RankItems Ranked(Generation generation, Pipeline pipeline) => (user, destination) =>
    {
        using var context = RetrievalContext.OfRow(generation.Matrix, user);
        return pipeline.Rank(context, destination);
    };
}
