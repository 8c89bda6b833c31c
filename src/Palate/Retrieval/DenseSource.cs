namespace Palate;

/// <summary>A source that scores the whole catalog at once and proposes the best of it.</summary>
/// <remarks>For catalogs up to some 100,000 items, where one pass over all scores costs microseconds.</remarks>
public abstract class DenseSource : ICandidateSource
{
    private readonly Action<RetrievalContext, Span<float>> _fill;

    /// <summary>Called by the concrete sources.</summary>
    protected DenseSource() => _fill = ScoreAll;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public int Propose(RetrievalContext context, Span<ScoredItem> destination)
    {
        ArgumentNullException.ThrowIfNull(context);
        return CanScore(context) ? TopK.Select(AllScores(context), context.Filter, destination) : 0;
    }

    /// <inheritdoc/>
    public void Score(RetrievalContext context, ReadOnlySpan<int> items, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!CanScore(context))
        {
            scores[..items.Length].Clear();
            return;
        }

        ReadOnlySpan<float> all = AllScores(context);
        for (int place = 0; place < items.Length; place++)
        {
            scores[place] = all[items[place]];
        }
    }

    /// <summary>The scores of all items, computed at the first call of a request.</summary>
    private protected ReadOnlySpan<float> AllScores(RetrievalContext context) => context.Dense(this, _fill);

    /// <summary>Whether the source has anything to go by; when not, it proposes nothing and scores 0.</summary>
    protected virtual bool CanScore(RetrievalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.Profile.Items.IsEmpty;
    }

    /// <summary>Writes the raw score of every item of the catalog.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scores">One per item, zeroed.</param>
    protected abstract void ScoreAll(RetrievalContext context, Span<float> scores);
}
