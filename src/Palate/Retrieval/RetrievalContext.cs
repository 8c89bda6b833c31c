using System.Buffers;

namespace Palate;

/// <summary>One request as the sources see it: the profile, the filter, the query and the time.</summary>
/// <remarks>
/// Serves one request on one thread. It also keeps, per source, the dense scores that the source computed while it
/// proposed, so that asking for the scores of other sources' candidates costs a look-up. Dispose returns the buffers.
/// </remarks>
public sealed class RetrievalContext : IDisposable
{
    private readonly List<(object Key, float[] Scores)> _kept = [];

    /// <summary>The context of a request.</summary>
    /// <param name="profile">Who asks, and their history.</param>
    /// <param name="filter">What may be returned.</param>
    /// <param name="query">What they typed, or null.</param>
    /// <param name="time">The Unix second of the request, for recency; 0 when it does not matter.</param>
    public RetrievalContext(Profile profile, ItemFilter filter, string? query = null, long time = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(filter);
        Profile = profile;
        Filter = filter;
        Query = query;
        Time = time;
    }

    /// <summary>The context of a user of the matrix who asks for what they have not seen; no query, no time.</summary>
    public static RetrievalContext OfRow(InteractionMatrix matrix, int user)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var filter = new ItemFilter(matrix.Columns);
        filter.Block(matrix.Row(user));
        return new RetrievalContext(Profile.OfRow(matrix, user), filter);
    }

    /// <summary>Who asks, and their history.</summary>
    public Profile Profile { get; }

    /// <summary>What may be returned.</summary>
    public ItemFilter Filter { get; }

    /// <summary>What the user typed, or null.</summary>
    public string? Query { get; }

    /// <summary>The Unix second of the request.</summary>
    public long Time { get; }

    /// <summary>The scores of all items by one source, computed at the first call and kept for the request.</summary>
    /// <param name="source">The source that asks.</param>
    /// <param name="fill">Writes the score of every item; the span arrives zeroed.</param>
    internal ReadOnlySpan<float> Dense(ICandidateSource source, Action<RetrievalContext, Span<float>> fill)
    {
        ReadOnlySpan<float> known = Kept(source);
        if (!known.IsEmpty)
        {
            return known;
        }

        Span<float> all = Keep(source);
        fill(this, all);
        return all;
    }

    /// <summary>One number per item, zeroed, kept under a key until the request ends.</summary>
    internal Span<float> Keep(object key)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(Filter.Count);
        _kept.Add((key, rented));
        Span<float> all = rented.AsSpan(0, Filter.Count);
        all.Clear();
        return all;
    }

    /// <summary>Memory for at least so many numbers, with anything in it, until the request ends.</summary>
    internal float[] Rent(int length)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        _kept.Add((rented, rented));
        return rented;
    }

    /// <summary>What was kept under a key; empty when nothing was.</summary>
    internal ReadOnlySpan<float> Kept(object key)
    {
        foreach ((object known, float[] scores) in _kept)
        {
            if (ReferenceEquals(known, key))
            {
                return scores.AsSpan(0, Filter.Count);
            }
        }

        return [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, float[] scores) in _kept)
        {
            ArrayPool<float>.Shared.Return(scores);
        }

        _kept.Clear();
    }
}
