namespace Palate;

/// <summary>The student as a tier of the cascade.</summary>
/// <remarks>
/// Its own mode is <c>full</c>, since it always scores all candidates; a cascade makes <c>cascade:TIER</c> of it.
/// It costs no call. Thread-safe.
/// </remarks>
public sealed class StudentReranker : IReranker
{
    private readonly Student _student;
    private readonly CrossFeatures _features;

    /// <summary>A student with the features of the catalog that its requests are about.</summary>
    public StudentReranker(Student student, CrossFeatures features)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(features);
        _student = student;
        _features = features;
    }

    /// <inheritdoc/>
    public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        Ranking ranking = context.Ranking;
        float[] scores = _student.Score(_features.Build(
            ranking.Candidates.Items, ranking.Stages[^1].Scores, context.Profile.Items.ToArray(), context.Request.Query));
        return ValueTask.FromResult(new RerankResult(
            scores, "full", $"The student scored all {scores.Length} candidates."));
    }
}
