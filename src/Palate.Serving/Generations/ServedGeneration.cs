namespace Palate.Serving;

/// <summary>A generation that was loaded and can answer.</summary>
/// <param name="Name">The generation's name.</param>
/// <param name="RecommendAsync">Answers a request; safe to call from any thread.</param>
public sealed record ServedGeneration(
    string Name, Func<RecommendRequest, CancellationToken, ValueTask<Recommendation>> RecommendAsync);
