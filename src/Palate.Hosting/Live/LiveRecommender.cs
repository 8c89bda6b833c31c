namespace Palate.Hosting;

/// <summary>Recommends from the generation that is current; safe to use from any thread.</summary>
public sealed class LiveRecommender
{
    private readonly LiveGeneration _live;

    internal LiveRecommender(LiveGeneration live) => _live = live;

    /// <summary>The name of the generation that answers; null until the first is loaded.</summary>
    public string? Generation => _live.Current?.Name;

    /// <summary>What is wrong with the generation that should answer, in a sentence; null when nothing is.</summary>
    public string? Trouble => _live.Trouble;

    /// <summary>Answers one request; while the host starts, as soon as the first generation is loaded.</summary>
    /// <exception cref="InvalidRequestException">A field of the request is out of its limits.</exception>
    /// <exception cref="GenerationException">No generation can be loaded.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Recommendation> RecommendAsync(RecommendRequest request, CancellationToken stop = default)
    {
        if (_live.Current is null)
        {
            await _live.FirstLoad.WaitAsync(stop);
        }

        ServedGeneration current = _live.Current ?? throw new GenerationException("", _live.Trouble ?? "No generation is loaded.");
        return await current.RecommendAsync(request, stop);
    }

    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    /// <param name="pipeline">The pipeline's name; null for the default one.</param>
    public Budget BudgetOf(string? pipeline) => _live.Current?.BudgetOf(pipeline) ?? new Budget();
}
