namespace Palate.Hosting;

/// <summary>A generation that was loaded and can answer.</summary>
/// <param name="Name">The generation's name.</param>
/// <param name="RecommendAsync">Answers a request; safe to call from any thread.</param>
internal sealed record ServedGeneration(
    string Name, Func<RecommendRequest, CancellationToken, ValueTask<Recommendation>> RecommendAsync)
{
    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    public Func<string?, Budget> BudgetOf { get; init; } = _ => new Budget();
}
