namespace Palate;

/// <summary>The candidates that a shaper orders, with what it may go by.</summary>
/// <remarks>
/// Columns have one entry per candidate, in the order so far. Immutable by convention, safe on any thread.
/// </remarks>
public sealed class ShapingList
{
    private readonly float[] _relevance;

    /// <summary>A list of candidates.</summary>
    /// <param name="relevance">
    /// How relevant each candidate is, 0 to 1, in the order so far; given away by the caller.
    /// </param>
    /// <exception cref="ArgumentException">A relevance is NaN or not in 0 to 1.</exception>
    public ShapingList(float[] relevance)
    {
        ArgumentNullException.ThrowIfNull(relevance);
        for (int place = 0; place < relevance.Length; place++)
        {
            if (!(relevance[place] is >= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"The relevance at place {place} is {relevance[place]}; it must be from 0 to 1.", nameof(relevance));
            }
        }

        _relevance = relevance;
        Similarity = ListSimilarity.None(relevance.Length);
    }

    /// <summary>How many candidates there are.</summary>
    public int Count => _relevance.Length;

    /// <summary>How relevant each candidate is, 0 to 1.</summary>
    public ReadOnlySpan<float> Relevance => _relevance;

    /// <summary>How alike candidates are.</summary>
    /// <value>The default finds no two candidates alike.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is about another number of candidates.</exception>
    public ListSimilarity Similarity
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentOutOfRangeException.ThrowIfNotEqual(value.Count, Count);
            field = value;
        }
    }

    /// <summary>The topics of the candidates, for example their genres; null when there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is about another number of candidates.</exception>
    public ListTopics? Topics
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value?.Count ?? Count, Count);
            field = value;
        }
    }

    /// <summary>
    /// The share of each topic in what the user liked so far, by the topic's number; null when nothing is known of it.
    /// Topics that no candidate has are left out, so the shares add up to at most 1.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A share is negative or not a number, or there are too many or too few.
    /// </exception>
    public float[]? Taste
    {
        get;
        init
        {
            field = Checked(value, Topics?.TopicCount ?? 0, nameof(Taste));
        }
    }

    /// <summary>The group of each candidate, 0, 1, or -1 for neither; null when there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more or fewer than candidates.</exception>
    public int[]? Groups
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value?.Length ?? Count, Count);
            field = value;
        }
    }

    /// <summary>How little known each candidate is, in any unit from 0, for example bits; null when unknown.</summary>
    /// <exception cref="ArgumentException">
    /// A value is negative or not a number, or there are too many or too few.
    /// </exception>
    public float[]? Novelty
    {
        get;
        init
        {
            field = Checked(value, Count, nameof(Novelty));
        }
    }

    /// <summary>The same candidates in another order, for a shaper that goes on where another one stopped.</summary>
    /// <param name="order">Places of this list, each once, as <see cref="Shaper.Shape"/> returns them.</param>
    /// <param name="trustsOrder">
    /// Deals the values of relevance out along the new order, greatest first: the next shaper starts from the order that
    /// it meets. Otherwise each candidate keeps its relevance, and the next shaper undoes what it does not aim at.
    /// </param>
    /// <exception cref="ArgumentException">The order is no permutation.</exception>
    public ShapingList Reordered(IReadOnlyList<int> order, bool trustsOrder = true)
    {
        ArgumentNullException.ThrowIfNull(order);
        int[] places = [.. order];
        bool[] seen = new bool[Count];
        foreach (int place in places)
        {
            if ((uint)place >= (uint)Count || seen[place] || places.Length != Count)
            {
                throw new ArgumentException($"The order is no permutation of the {Count} places of the list.", nameof(order));
            }

            seen[place] = true;
        }

        float[] relevance = [.. places.Select(place => _relevance[place])];
        if (trustsOrder)
        {
            Array.Sort(relevance);
            Array.Reverse(relevance);
        }

        return new ShapingList(relevance)
        {
            Topics = Topics?.Reordered(places),
            Taste = Taste,
            Similarity = Similarity.Reordered(places),
            Groups = Groups is null ? null : [.. places.Select(place => Groups[place])],
            Novelty = Novelty is null ? null : [.. places.Select(place => Novelty[place])],
        };
    }

    private static float[]? Checked(float[]? values, int length, string name)
    {
        if (values is null)
        {
            return null;
        }

        if (values.Length != length)
        {
            throw new ArgumentException($"{name} has {values.Length} entries; {length} are needed.", name);
        }

        foreach (float value in values)
        {
            if (!(value >= 0) || !float.IsFinite(value))
            {
                throw new ArgumentException($"{name} holds {value}; it must be a number from 0.", name);
            }
        }

        return values;
    }
}
