namespace Palate;

/// <summary>Selects the best-scored items: score descending, then item index ascending.</summary>
internal static class TopK
{
    /// <summary>Writes the best allowed items, best first, and returns how many there are.</summary>
    /// <param name="scores">One score per item; none is NaN.</param>
    /// <param name="filter">Which items count.</param>
    /// <param name="destination">Receives at most its own length.</param>
    public static int Select(ReadOnlySpan<float> scores, ItemFilter filter, Span<ScoredItem> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, scores.Length);
        if (destination.IsEmpty)
        {
            return 0;
        }

        // A heap whose root is the worst kept item; a score that does not beat the root costs one comparison.
        int count = 0;
        float threshold = float.NegativeInfinity;
        for (int item = 0; item < scores.Length; item++)
        {
            float score = scores[item];
            if (count == destination.Length && !(score > threshold))
            {
                // Equal scores: the kept item has the lower index, because items arrive in ascending order.
                Reject(score);
                continue;
            }

            if (!filter.Allows(item))
            {
                continue;
            }

            Reject(score);
            if (count < destination.Length)
            {
                destination[count++] = new ScoredItem(item, score);
                if (count == destination.Length)
                {
                    Heapify(destination);
                    threshold = destination[0].Score;
                }
            }
            else
            {
                destination[0] = new ScoredItem(item, score);
                SiftDown(destination, 0);
                threshold = destination[0].Score;
            }
        }

        destination[..count].Sort(static (a, b) => b.CompareTo(a));
        return count;
    }

    private static void Reject(float score)
    {
        if (float.IsNaN(score))
        {
            throw new InvalidOperationException("A score is NaN; a source must write finite scores only.");
        }
    }

    private static void Heapify(Span<ScoredItem> heap)
    {
        for (int root = heap.Length / 2 - 1; root >= 0; root--)
        {
            SiftDown(heap, root);
        }
    }

    private static void SiftDown(Span<ScoredItem> heap, int root)
    {
        ScoredItem moved = heap[root];
        while (true)
        {
            int child = 2 * root + 1;
            if (child >= heap.Length)
            {
                break;
            }

            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
            {
                child++;
            }

            if (!(heap[child] < moved))
            {
                break;
            }

            heap[root] = heap[child];
            root = child;
        }

        heap[root] = moved;
    }
}
