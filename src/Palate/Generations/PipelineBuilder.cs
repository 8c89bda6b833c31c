namespace Palate;

/// <summary>Makes the pipelines of a generation out of its parts.</summary>
internal static class PipelineBuilder
{
    /// <summary>The two stages together.</summary>
    public const string DefaultName = "default";

    /// <summary>The first stage alone: the fused order of the sources.</summary>
    public const string RetrievalName = "retrieval";

    /// <summary>The default pipeline, the first stage alone, and every source alone under its own name.</summary>
    public static IEnumerable<Pipeline> Build(Generation generation)
    {
        RetrievalOptions options = generation.Options.Retrieval;
        SourceSet sources = generation.Sources;
        Retriever personal = Personal(sources, options);
        Retriever? words = sources.Words.Count > 0 ? Make(sources.Words, options) : null;
        Retriever? search = words is null ? null : Make(sources.Search, options);
        Retriever fallback = Make([.. sources.Personal, .. sources.Fallback], options);
        FeatureBuilder? features = generation.Ranker is null ? null : generation.Features;
        yield return new Pipeline(
            DefaultName, personal, words, search, fallback, features, generation.Ranker, options.QueryWeight);
        yield return new Pipeline(RetrievalName, personal, words, search, fallback, null, null, options.QueryWeight);
        foreach (ICandidateSource source in sources)
        {
            yield return new Pipeline(source.Name, Alone(source, options), null, null, null, null, null, options.QueryWeight);
        }
    }

    /// <summary>The first stage for somebody with a history; training draws its candidates with it, too.</summary>
    public static Retriever Personal(SourceSet sources, RetrievalOptions options) => Make(sources.Personal, options);

    private static Retriever Alone(ICandidateSource source, RetrievalOptions options) =>
        new([source], new FusionOptions { Limit = options.Candidates }, options.Candidates);

    private static Retriever Make(IReadOnlyList<ICandidateSource> sources, RetrievalOptions options) =>
        new(
            sources,
            new FusionOptions
            {
                Limit = options.Candidates,
                Weights = options.Weights
                    .Where(weight => sources.Any(source => source.Name == weight.Key))
                    .ToDictionary(StringComparer.Ordinal),
            },
            options.PerSource);
}
