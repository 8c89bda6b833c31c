namespace Palate;

/// <summary>A named way through the stages: which sources propose, and who ranks and re-ranks what they proposed.</summary>
/// <remarks>Immutable, therefore safe to use from any thread.</remarks>
public sealed class Pipeline
{
    private readonly Retriever _personal;
    private readonly Retriever? _words;
    private readonly Retriever? _search;
    private readonly Retriever? _fallback;
    private readonly FeatureBuilder? _features;
    private readonly IRanker? _ranker;
    private readonly float _queryWeight;

    /// <summary>A pipeline over parts of one generation.</summary>
    /// <param name="name">The name that requests and experiments use.</param>
    /// <param name="personal">The sources that go by the user's history.</param>
    /// <param name="words">The source that finds the words of a query; null when queries are not read.</param>
    /// <param name="search">All sources that go by the query; null exactly when there is no source for words.</param>
    /// <param name="fallback">The sources that go by nothing, for when the others propose too little; may be null.</param>
    /// <param name="features">The ranker's input; null exactly when there is no ranker.</param>
    /// <param name="ranker">The base ranker; null leaves the fused order.</param>
    /// <param name="queryWeight">How much the match with the query counts against the ranker, 0 to 1.</param>
    internal Pipeline(
        string name,
        Retriever personal,
        Retriever? words,
        Retriever? search,
        Retriever? fallback,
        FeatureBuilder? features,
        IRanker? ranker,
        float queryWeight)
    {
        Name = name;
        _personal = personal;
        _words = words;
        _search = search;
        _fallback = fallback;
        _features = features;
        _ranker = ranker;
        _queryWeight = queryWeight;
    }

    /// <summary>The name that requests and experiments use.</summary>
    public string Name { get; }

    /// <summary>The ranker's input; null when there is no ranker.</summary>
    internal FeatureBuilder? Features => _features;

    /// <summary>The base ranker, or null.</summary>
    internal IRanker? Ranker => _ranker;

    /// <summary>The first stage. The filter has been applied to everything that it returns.</summary>
    /// <param name="context">The request.</param>
    /// <param name="count">How many items are wanted; with fewer candidates the fallback sources add theirs.</param>
    internal Retrieved Retrieve(RetrievalContext context, int count)
    {
        if (context.Query is not null && _search is not null)
        {
            // Texts that are only near to the query come in when too few items have its words.
            CandidateSet worded = _words!.Retrieve(context);
            if (worded.Count > 0)
            {
                return new Retrieved(worded.Count >= count ? worded : _search.Retrieve(context), RetrievedBy.Query);
            }
        }

        CandidateSet personal = _personal.Retrieve(context);
        if (personal.Count >= count || _fallback is null)
        {
            return new Retrieved(personal, personal.Count > 0 ? RetrievedBy.History : RetrievedBy.Nothing);
        }

        CandidateSet filled = _fallback.Retrieve(context);
        return new Retrieved(filled, (filled.Count, personal.Count) switch
        {
            (0, _) => RetrievedBy.Nothing,
            (_, 0) => RetrievedBy.Fallback,
            _ => RetrievedBy.HistoryAndFallback,
        });
    }

    /// <summary>The second stage: the base score of every candidate.</summary>
    /// <returns>
    /// The ranking, and the features that it was made of, which end with the context; none when the ranker did not run.
    /// </returns>
    /// <remarks>
    /// The ranker learned from histories, so it does not run for somebody who has none: the fused order stands.
    /// </remarks>
    internal (Ranking Ranking, FeatureMatrix? Features) Rank(RetrievalContext context, Retrieved retrieved)
    {
        Ranking ranking = Ranking.OfCandidates(retrieved.Candidates);
        bool cold = context.Profile.Items.IsEmpty;
        if (_ranker is null || _features is null || cold || retrieved.Candidates.Count == 0)
        {
            return (ranking, null);
        }

        FeatureMatrix features = _features.BuildIn(context, retrieved.Candidates);
        float[] scores = new float[features.Candidates];
        _ranker.Score(features, scores);
        if (retrieved.By == RetrievedBy.Query)
        {
            // A query is answered by what matches it; the ranker's taste decides among the matches.
            Normaliser.ToUnit(scores);
            float[] matches = retrieved.Candidates.Fused.AsSpan().ToArray();
            Normaliser.ToUnit(matches);
            for (int candidate = 0; candidate < scores.Length; candidate++)
            {
                scores[candidate] = (1 - _queryWeight) * scores[candidate] + _queryWeight * matches[candidate];
            }
        }

        return (ranking.After("rank", scores), features);
    }

    /// <summary>Both stages in one call, for evaluation: writes the best items, best first, and returns how many.</summary>
    internal int Rank(RetrievalContext context, Span<int> destination)
    {
        (Ranking ranking, _) = Rank(context, Retrieve(context, count: 1));
        int count = Math.Min(destination.Length, ranking.Order.Length);
        for (int place = 0; place < count; place++)
        {
            destination[place] = ranking.Candidates.Items[ranking.Order[place]];
        }

        return count;
    }
}
