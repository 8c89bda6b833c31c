namespace Palate.Hosting;

/// <summary>A re-ranker that can be replaced between requests; a request keeps the one that it began with.</summary>
internal sealed class ReplaceableReranker(IReranker first) : IReranker
{
    private volatile IReranker _current = first;

    /// <summary>Who re-ranks the next request.</summary>
    public IReranker Current
    {
        get => _current;
        set => _current = value;
    }

    /// <inheritdoc/>
    public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop) =>
        _current.RerankAsync(context, stop);
}
