namespace Palate;

/// <summary>The pipelines of a recommender, each with its parts made for the generation and ready to run.</summary>
internal sealed class PipelineSet
{
    private static readonly Budget Standard = new();

    private readonly Generation _generation;
    private readonly Lazy<ItemStatistics> _statistics;
    private readonly Dictionary<string, Entry> _entries;

    /// <summary>Makes the parts of pipelines.</summary>
    /// <exception cref="InvalidRequestException">A pipeline's base or shaping cannot run on this generation.</exception>
    public PipelineSet(Generation generation, IReadOnlyList<PipelineDefinition> definitions)
    {
        _generation = generation;
        _statistics = new Lazy<ItemStatistics>(() => new ItemStatistics(generation.Matrix));
        _entries = definitions.ToDictionary(definition => definition.Name, Open, StringComparer.Ordinal);
    }

    /// <summary>The pipeline of a request.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name, or its shaping cannot run.</exception>
    public Chosen For(RecommendRequest request)
    {
        Entry? entry = _entries.GetValueOrDefault(request.Pipeline ?? PipelineBuilder.DefaultName);
        if (entry is null && request.Pipeline is { } name && _entries.Count > 0 && !_generation.HasPipeline(name))
        {
            throw new InvalidRequestException(
                "pipeline",
                $"There is no pipeline '{name}'; there are {string.Join(", ", _entries.Keys.Order(StringComparer.Ordinal))}, "
                + $"and of the generation {string.Join(", ", _generation.PipelineNames)}.");
        }

        Pipeline pipeline = _generation.Pipeline(entry is null ? request.Pipeline : entry.Definition.Base);
        ShapeParts? shaping = request.Shaping is not { } own ? entry?.Shaping
            : own.Weight > 0 ? new ShapeParts(_generation, own, entry?.Definition.Shapers ?? [], _statistics)
            : null;
        return new Chosen(
            entry?.Definition.Name ?? pipeline.Name,
            pipeline,
            entry is null ? request.Budget ?? Standard : entry.Definition.Budget.LoweredTo(request.Budget),
            string.IsNullOrWhiteSpace(request.Query) ? null : entry?.Rewriter,
            entry?.Definition.Reranker,
            shaping is { Weight: > 0 } || request.Rules.NeedsShaping,
            shaping);
    }

    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    public Budget BudgetOf(string? pipeline) =>
        _entries.GetValueOrDefault(pipeline ?? PipelineBuilder.DefaultName)?.Definition.Budget ?? Standard;

    private Entry Open(PipelineDefinition definition)
    {
        if (!_generation.HasPipeline(definition.Base))
        {
            throw new InvalidRequestException(
                "pipeline",
                $"Pipeline '{definition.Name}' stands on '{definition.Base}', which the generation does not have; it has "
                + $"{string.Join(", ", _generation.PipelineNames)}.");
        }

        try
        {
            return new Entry(
                definition,
                definition.Rewriting?.Invoke(_generation),
                definition.Shaping is { } shaping
                    ? new ShapeParts(_generation, shaping, definition.Shapers, _statistics)
                    : null);
        }
        catch (InvalidRequestException wrong)
        {
            throw new InvalidRequestException(wrong.Parameter, $"Pipeline '{definition.Name}': {wrong.Message}");
        }
    }

    /// <summary>How one request is answered.</summary>
    /// <param name="Name">The name that the answer gives.</param>
    /// <param name="Base">Who retrieves and ranks.</param>
    /// <param name="Budget">What the answer may cost.</param>
    /// <param name="Rewriter">Who rewrites the query; null for nobody.</param>
    /// <param name="Reranker">Who re-ranks; null for nobody.</param>
    /// <param name="IsShaped">Whether anything is left to do after re-ranking.</param>
    /// <param name="Shaping">The shaper with its parts; null for rules alone.</param>
    public sealed record Chosen(
        string Name,
        Pipeline Base,
        Budget Budget,
        IQueryRewriter? Rewriter,
        IReranker? Reranker,
        bool IsShaped,
        ShapeParts? Shaping);

    private sealed record Entry(PipelineDefinition Definition, IQueryRewriter? Rewriter, ShapeParts? Shaping);
}
