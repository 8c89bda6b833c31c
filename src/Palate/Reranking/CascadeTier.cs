namespace Palate;

/// <summary>One re-ranker of a cascade, with what keeps it from running.</summary>
/// <param name="Name">The tier's name, for example <c>llm</c> or <c>student</c>; goes to the mode and the reason.</param>
/// <param name="Reranker">Who judges.</param>
public sealed record CascadeTier(string Name, IReranker Reranker)
{
    /// <summary>
    /// Says why the tier must not run now (deadline, spend, breaker, a student that has not earned it), as a sentence,
    /// or null when it may. Null lets it run always. It must not block.
    /// </summary>
    public Func<RerankContext, string?>? Objection { get; init; }

    /// <summary>How long the tier may take, so that time is left for those after it; null for as long as there is.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>How long before the deadline the tier has to be done, so that those after it can still answer.</summary>
    /// <value>The default is 0.</value>
    public TimeSpan Reserve { get; init; }
}
