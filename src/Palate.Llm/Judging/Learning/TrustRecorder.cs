using System.Collections.Concurrent;

namespace Palate.Llm;

/// <summary>Lets a re-ranker judge requests whose right answers are known, and keeps what can be learned from that.</summary>
/// <remarks>It never changes an order. Requests are asked one after the other, so that none takes another's time.</remarks>
public sealed class TrustRecorder : IReranker
{
    private readonly IJudge _judge;
    private readonly CrossFeatures? _features;
    private readonly ConcurrentDictionary<RecommendRequest, IReadOnlyDictionary<string, int>> _open =
        new(ReferenceEqualityComparer.Instance);

    private readonly ConcurrentDictionary<RecommendRequest, TrustExample> _closed =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>A recorder without requests.</summary>
    /// <param name="judge">Who is asked.</param>
    /// <param name="features">What a student will see; null when none is to be taught.</param>
    public TrustRecorder(IJudge judge, CrossFeatures? features = null)
    {
        ArgumentNullException.ThrowIfNull(judge);
        _judge = judge;
        _features = features;
    }

    /// <summary>Asks the requests.</summary>
    /// <param name="recommender">A recommender with a pipeline of this name that re-ranks with this recorder.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="requests">Requests with what is known to be right; the generation must not have learned it.</param>
    /// <param name="done">Is told after every request how many were asked; may be null.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>
    /// Those that came to be judged, in their order; without a judgment where the model gave none by the deadline.
    /// </returns>
    public async Task<IReadOnlyList<TrustExample>> RecordAsync(
        Recommender recommender,
        string pipeline,
        IEnumerable<GradedRequest> requests,
        Action<int>? done = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(recommender);
        ArgumentNullException.ThrowIfNull(requests);
        var recorded = new List<TrustExample>();
        int asked = 0;
        foreach (GradedRequest graded in requests)
        {
            RecommendRequest request = graded.Request with { Pipeline = pipeline };
            _open[request] = graded.Grades;
            await recommender.RecommendAsync(request, stop);
            _open.TryRemove(request, out _);
            if (_closed.TryRemove(request, out TrustExample? result))
            {
                recorded.Add(result);
            }

            done?.Invoke(++asked);
        }

        return recorded;
    }

    /// <inheritdoc/>
    public async ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        JudgedCandidates judged = await _judge.JudgeAsync(context, stop);
        if (_open.TryGetValue(context.Request, out IReadOnlyDictionary<string, int>? grades))
        {
            var sample = new TrustSample(
                judged.BaseScores,
                judged.Utilities,
                [
                    .. judged.Candidates.Select(candidate => (float)grades.GetValueOrDefault(
                        context.Generation.Catalog.Items[context.Ranking.Candidates.Items[candidate]].Id)),
                ],
                context.Segment);
            _closed[context.Request] = new TrustExample(
                sample,
                BlendPolicy.FeaturesOf(context, judged.Candidates),
                _features is null ? null : StudentReranker.Features(_features, context, judged.Candidates),
                judged.Usage);
        }

        return new RerankResult([], judged.Mode) { Usage = judged.Usage };
    }
}
