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
    public ValueTask<RerankResult> RerankAsync(
        Ranking ranking, RecommendRequest request, Generation generation, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(generation);
        float[] scores = _student.Score(_features.Build(
            ranking.Candidates.Items, ranking.Stages[^1].Scores, History(request, generation), request.Query));
        return ValueTask.FromResult(new RerankResult(
            scores, "full", $"The student scored all {scores.Length} candidates."));
    }

    /// <summary>The items of the stored history and of the session, each once.</summary>
    private static int[] History(RecommendRequest request, Generation generation)
    {
        var items = new SortedSet<int>();
        int user = generation.UserIds.IndexOf(request.UserId);
        if (user >= 0)
        {
            items.UnionWith(generation.Matrix.Row(user).ToArray());
        }

        foreach (SessionItem entry in request.Session)
        {
            if (generation.Catalog.Ids.TryGetIndex(entry.ItemId, out int item))
            {
                items.Add(item);
            }
        }

        return [.. items];
    }
}
