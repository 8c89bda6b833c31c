namespace Palate;

/// <summary>Builds the ranker's input; the same object serves training and requests.</summary>
/// <remarks>
/// It is fitted on the matrix that the sources were fitted on, so in training, where that matrix lacks the labels, no
/// feature has seen its label. Immutable, therefore safe to use from any thread.
/// </remarks>
public sealed class FeatureBuilder
{
    /// <summary>Attributes with more distinct values than this are not compared value by value.</summary>
    private const int MaxItemValues = 2048;

    private const int MaxUserValues = 64;

    private FeatureBuilder(IFeatureFamily[] families)
    {
        Families = families;
        Definitions = [.. families.SelectMany(family => family.Definitions)];
    }

    /// <summary>The families, in the order in which they fill the matrix.</summary>
    internal IReadOnlyList<IFeatureFamily> Families { get; }

    /// <summary>What each feature is; a feature's number is its place here.</summary>
    public IReadOnlyList<FeatureDefinition> Definitions { get; }

    /// <summary>Fits the features on the data that the sources were fitted on.</summary>
    /// <param name="data">The catalog, the users and the matrix.</param>
    /// <param name="sources">The sources whose opinions are features.</param>
    /// <param name="texts">What was learned from the items' texts; null when texts are not read.</param>
    internal static FeatureBuilder Fit(
        TrainingData data, IReadOnlyList<ICandidateSource> sources, TextModels? texts = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(sources);
        var families = new List<IFeatureFamily> { new SourceFeatures(sources), new CountFeatures(data.Matrix) };
        if (sources.OfType<Ease>().LastOrDefault() is { } ease)
        {
            families.Add(new ValuedHistoryFeatures(ease));
        }

        foreach (string name in data.Catalog.AttributeNames)
        {
            AttributeColumn column = data.Catalog.Attribute(name)!;
            if (column.Numbers is not null || column.Values.Count <= MaxItemValues)
            {
                families.Add(new AttributeFeatures(column, data.Matrix));
            }
        }

        IReadOnlyDictionary<string, IReadOnlyList<string>>[] users = [.. data.Users.Select(user => user.Attributes)];
        foreach (string name in users.SelectMany(own => own.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var column = AttributeColumn.Build(name, users);
            if (column.Numbers is not null || column.Values.Count <= MaxUserValues)
            {
                families.Add(new UserAttributeFeatures(column, data.Matrix));
            }
        }

        if (data.Matrix.Times.AsSpan().ContainsAnyExcept(0L))
        {
            families.Add(new ActivityFeatures(data.Catalog, data.Matrix));
        }

        if (texts is not null)
        {
            families.Add(new TextFeatures(texts.Vectors));
            families.Add(new AttributeFeatures(
                AttributeColumn.OfClusters("text_cluster", texts.Clusters.Clusters), data.Matrix));
        }

        return new FeatureBuilder([.. families]);
    }

    /// <summary>Builds the features of a request's candidates.</summary>
    public FeatureMatrix Build(RetrievalContext context, CandidateSet candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return Fill(context, candidates, new FeatureMatrix(Definitions.Count, candidates.Count));
    }

    /// <summary>The same in the context's memory: gone when the context is disposed.</summary>
    internal FeatureMatrix BuildIn(RetrievalContext context, CandidateSet candidates) =>
        Fill(context, candidates, new FeatureMatrix(Definitions.Count, candidates.Count, context.Rent));

    private FeatureMatrix Fill(RetrievalContext context, CandidateSet candidates, FeatureMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(context);
        int first = 0;
        foreach (IFeatureFamily family in Families)
        {
            family.Fill(context, candidates, matrix, first);
            first += family.Definitions.Count;
        }

        return matrix;
    }
}
