namespace Palate.Llm;

/// <summary>Lets a re-ranker judge requests whose right answers are known, and keeps what trust is learned from.</summary>
/// <remarks>Not thread-safe: requests are asked one after the other.</remarks>
public sealed class TrustRecorder(LlmReranker reranker) : IReranker
{
    private readonly List<TrustSample> _samples = [];
    private IReadOnlyDictionary<string, int> _grades = new Dictionary<string, int>();

    /// <summary>One sample per request that was judged.</summary>
    public IReadOnlyList<TrustSample> Samples => _samples;

    /// <summary>Asks the requests and keeps a sample of each.</summary>
    /// <param name="recommender">A recommender with a pipeline of this name that re-ranks with this recorder.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="requests">Requests with what is known to be right; the generation must not have learned it.</param>
    /// <param name="stop">Cancels.</param>
    public async Task RecordAsync(
        Recommender recommender, string pipeline, IEnumerable<GradedRequest> requests, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(recommender);
        ArgumentNullException.ThrowIfNull(requests);
        foreach (GradedRequest request in requests)
        {
            _grades = request.Grades;
            await recommender.RecommendAsync(request.Request with { Pipeline = pipeline }, stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        (int[] asked, Judged judged) = await reranker.JudgeAsync(context, stop);
        _samples.Add(new TrustSample(
            judged.Evidence.BaseScores.ToArray(),
            judged.HasJudgments ? [.. judged.Evidence.Utilities.Select(utility => (float)utility)] : [],
            [
                .. asked.Select(candidate => (float)_grades.GetValueOrDefault(
                    context.Generation.Catalog.Items[context.Ranking.Candidates.Items[candidate]].Id)),
            ],
            LlmReranker.Segment(context)));
        return new RerankResult([], judged.Mode, judged.Reason) { Usage = judged.Usage };
    }
}
