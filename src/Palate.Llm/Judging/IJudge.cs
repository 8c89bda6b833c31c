namespace Palate.Llm;

/// <summary>A re-ranker whose judgment can be had before it is put together with the base: what trust is learned from.</summary>
public interface IJudge
{
    /// <summary>Judges the best candidates of a request, whatever was learned of the worth of that.</summary>
    /// <param name="context">The request, its base ranking, and how long there is.</param>
    /// <param name="stop">Ends the work; what is known by then is the result.</param>
    ValueTask<JudgedCandidates> JudgeAsync(RerankContext context, CancellationToken stop);
}
