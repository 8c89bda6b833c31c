namespace Palate;

/// <summary>The student as a tier of the cascade.</summary>
/// <remarks>
/// Its own mode is <c>full</c>, since it always scores all that it was taught to; a cascade makes <c>cascade:TIER</c>
/// of it. It costs no call. Thread-safe.
/// </remarks>
public sealed class StudentReranker : IReranker
{
    private readonly Student _student;
    private readonly CrossFeatures _features;
    private readonly int _candidates;

    /// <summary>A student with the features of the catalog that its requests are about.</summary>
    /// <param name="student">The student.</param>
    /// <param name="features">The features of the generation's catalog.</param>
    /// <param name="candidates">
    /// How many of the best candidates it was taught to judge, at least 2; the others stay below them as they are.
    /// </param>
    public StudentReranker(Student student, CrossFeatures features, int candidates = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 2);
        _student = student;
        _features = features;
        _candidates = candidates;
    }

    /// <inheritdoc/>
    public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        Ranking ranking = context.Ranking;
        int[] judged = ranking.Order[..Math.Min(_candidates, ranking.Order.Length)];
        float[] scores = _student.Score(Features(_features, context, judged));
        string which = judged.Length == ranking.Order.Length ? "all" : "the best";
        return ValueTask.FromResult(new RerankResult(
            ranking.Lift(judged, scores),
            Mode.Full(ReasonCode.Complete, $"The student scored {which} {scores.Length} candidates.")));
    }

    /// <summary>What a student sees of some candidates of a request.</summary>
    /// <param name="features">The features of the generation's catalog.</param>
    /// <param name="context">The request.</param>
    /// <param name="judged">The numbers of the candidates.</param>
    public static FeatureMatrix Features(CrossFeatures features, RerankContext context, ReadOnlySpan<int> judged)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(context);
        float[] all = context.Ranking.Stages[^1].Scores;
        int[] items = new int[judged.Length];
        float[] scores = new float[judged.Length];
        for (int place = 0; place < judged.Length; place++)
        {
            items[place] = context.Ranking.Candidates.Items[judged[place]];
            scores[place] = all[judged[place]];
        }

        return features.Build(items, scores, context.Profile.Items, context.Query);
    }
}
