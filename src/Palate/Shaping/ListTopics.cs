namespace Palate;

/// <summary>Which topics each candidate of a list has: the values of one attribute, numbered within the list.</summary>
/// <remarks>Immutable, therefore safe to read from any thread. Costs one sort of the list's values.</remarks>
public sealed class ListTopics
{
    // The topics of candidate p are topics[offsets[p] .. offsets[p + 1]], ascending.
    private readonly int[] _offsets;
    private readonly int[] _topics;
    private readonly int[] _codes;
    private readonly AttributeColumn? _column;

    private ListTopics(int[] offsets, int[] topics, int[] codes, AttributeColumn? column)
    {
        _offsets = offsets;
        _topics = topics;
        _codes = codes;
        _column = column;
    }

    /// <summary>How many candidates there are.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>How many topics the candidates have together; topics are numbered from 0.</summary>
    public int TopicCount => _codes.Length;

    /// <summary>The topics of a candidate, ascending; empty when it has none.</summary>
    public ReadOnlySpan<int> this[int place] => _topics.AsSpan(_offsets[place], _offsets[place + 1] - _offsets[place]);

    /// <summary>The topics of items by the values of an attribute.</summary>
    /// <param name="column">The attribute.</param>
    /// <param name="items">The item of each candidate.</param>
    public static ListTopics Of(AttributeColumn column, ReadOnlySpan<int> items)
    {
        ArgumentNullException.ThrowIfNull(column);
        int[] offsets = new int[items.Length + 1];
        for (int place = 0; place < items.Length; place++)
        {
            offsets[place + 1] = offsets[place] + column[items[place]].Length;
        }

        int[] all = new int[offsets[^1]];
        for (int place = 0; place < items.Length; place++)
        {
            column[items[place]].CopyTo(all.AsSpan(offsets[place]));
        }

        return Number(offsets, all, column);
    }

    /// <summary>The topics of candidates that are given by codes of any kind.</summary>
    /// <param name="codes">The codes of each candidate, each code at most once.</param>
    public static ListTopics Of(IReadOnlyList<int[]> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        int[] offsets = new int[codes.Count + 1];
        for (int place = 0; place < codes.Count; place++)
        {
            offsets[place + 1] = offsets[place] + codes[place].Length;
        }

        return Number(offsets, [.. codes.SelectMany(own => own.Order())], null);
    }

    /// <summary>The name of a topic.</summary>
    public string NameOf(int topic) => _column?.Values[_codes[topic]] ?? $"topic {_codes[topic]}";

    /// <summary>The shares of the topics in a history, each item's topics sharing its one vote.</summary>
    /// <param name="history">Item indices.</param>
    /// <param name="values">What each item counts, from 0; empty when all count alike.</param>
    /// <returns>
    /// By topic; null when nothing in the history has a value of the attribute, or there is no attribute.
    /// </returns>
    public float[]? TasteOf(ReadOnlySpan<int> history, ReadOnlySpan<float> values = default)
    {
        if (_column is null)
        {
            return null;
        }

        float[] taste = new float[TopicCount];
        double total = 0;
        for (int index = 0; index < history.Length; index++)
        {
            ReadOnlySpan<int> own = history[index] < _column.Count ? _column[history[index]] : [];
            float vote = values.IsEmpty ? 1 : MathF.Max(0, values[index]);
            total += own.IsEmpty ? 0 : vote;
            foreach (int code in own)
            {
                int topic = Array.BinarySearch(_codes, code);
                if (topic >= 0)
                {
                    taste[topic] += vote / own.Length;
                }
            }
        }

        if (!(total > 0))
        {
            return null;
        }

        for (int topic = 0; topic < taste.Length; topic++)
        {
            taste[topic] = (float)(taste[topic] / total);
        }

        return taste;
    }

    /// <summary>The same candidates in another order; topics keep their numbers.</summary>
    internal ListTopics Reordered(ReadOnlySpan<int> order)
    {
        int[] offsets = new int[_offsets.Length];
        int[] topics = new int[_topics.Length];
        for (int place = 0; place < order.Length; place++)
        {
            ReadOnlySpan<int> own = this[order[place]];
            own.CopyTo(topics.AsSpan(offsets[place]));
            offsets[place + 1] = offsets[place] + own.Length;
        }

        return new ListTopics(offsets, topics, _codes, _column);
    }

    private static ListTopics Number(int[] offsets, int[] all, AttributeColumn? column)
    {
        int[] codes = (int[])all.Clone();
        Array.Sort(codes);
        int distinct = 0;
        for (int index = 0; index < codes.Length; index++)
        {
            if (index == 0 || codes[index] != codes[index - 1])
            {
                codes[distinct++] = codes[index];
            }
        }

        Array.Resize(ref codes, distinct);
        for (int index = 0; index < all.Length; index++)
        {
            all[index] = Array.BinarySearch(codes, all[index]);
        }

        return new ListTopics(offsets, all, codes, column);
    }
}
