namespace Palate.Llm;

/// <summary>The heapsort that pairwise and setwise ranking share: it ends when the top places are filled.</summary>
/// <remarks>
/// The comparisons are those of the sort run alone. Subtrees of the heap do not depend on each other, so that while it
/// is built those of a whole level are asked in one round; taking out the best is one comparison after another.
/// </remarks>
internal static class Heapsort
{
    /// <summary>Chooses the best of a parent (first) and its children; false while the judgment is missing.</summary>
    public delegate bool Choice(IReadOnlyList<int> family, out int best);

    /// <summary>The best candidates as far as they are known, best first, then all others in base order.</summary>
    public static int[] Order(Evidence evidence, int children, Choice choose) =>
        BaseFill.After(Top(evidence, [.. evidence.BaseOrder], children, choose), evidence);

    /// <summary>The best of some candidates as far as they are known, best first; at most the evidence's top.</summary>
    public static List<int> Top(Evidence evidence, int[] heap, int children, Choice choose)
    {
        int wanted = Math.Min(evidence.Top, heap.Length);
        List<int> best = [];
        if (heap.Length > 0 && Build(heap, children, choose))
        {
            for (int size = heap.Length; best.Count < wanted; size--)
            {
                best.Add(heap[0]);
                heap[0] = heap[size - 1];
                if (best.Count < wanted && !Sift(heap, size - 1, 0, children, choose))
                {
                    break;
                }
            }
        }

        return best;
    }

    private static bool Build(int[] heap, int children, Choice choose)
    {
        bool[] open = new bool[heap.Length];
        for (int parent = (heap.Length - 2) / children; parent >= 0; parent--)
        {
            int first = children * parent + 1;
            int end = Math.Min(first + children, heap.Length);
            open[parent] = open.AsSpan(first, end - first).Contains(true) ||
                !Sift(heap, heap.Length, parent, children, choose);
        }

        return !open[0];
    }

    /// <summary>Lets a candidate sink until none of its children is better; false where a judgment is missing.</summary>
    private static bool Sift(int[] heap, int size, int parent, int children, Choice choose)
    {
        while (children * parent + 1 < size)
        {
            int first = children * parent + 1;
            int end = Math.Min(first + children, size);
            if (!choose([heap[parent], .. heap[first..end]], out int best))
            {
                return false;
            }

            if (best == heap[parent])
            {
                return true;
            }

            int place = Array.IndexOf(heap, best, first, end - first);
            (heap[parent], heap[place]) = (heap[place], heap[parent]);
            parent = place;
        }

        return true;
    }
}
