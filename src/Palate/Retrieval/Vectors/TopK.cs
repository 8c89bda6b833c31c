using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Selects the best-scored items: score descending, then item index ascending.</summary>
/// <remarks>
/// The kept items are a heap of 64-bit keys whose unsigned order is the total order: the score's bits made monotone
/// above, the complement of the index below. Once the heap is full, sixteen scores are compared with its worst at
/// once; nearly always none beats it, and a NaN shows in the same comparison.
/// </remarks>
internal static class TopK
{
    private const int StackKeys = 512;

    /// <summary>Writes the best allowed items, best first, and returns how many there are.</summary>
    /// <param name="scores">One score per item; none is NaN.</param>
    /// <param name="filter">Which items count.</param>
    /// <param name="destination">Receives at most its own length.</param>
    /// <exception cref="InvalidOperationException">A score is NaN.</exception>
    public static int Select(ReadOnlySpan<float> scores, ItemFilter filter, Span<ScoredItem> destination)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, scores.Length);
        return Select(scores, filter.Blocked, destination, Vector512.IsHardwareAccelerated);
    }

    /// <summary>Writes the best of all items, best first, and returns how many there are.</summary>
    public static int Select(ReadOnlySpan<float> scores, Span<ScoredItem> destination) =>
        Select(scores, [], destination, Vector512.IsHardwareAccelerated);

    /// <summary>The scalar path is the twin that the vector path is tested against.</summary>
    /// <param name="scores">One score per item.</param>
    /// <param name="blocked">One bit per item, or empty when all are allowed.</param>
    /// <param name="destination">Receives the best items.</param>
    /// <param name="vectorised">Whether to compare sixteen scores at once.</param>
    internal static int Select(
        ReadOnlySpan<float> scores, ReadOnlySpan<ulong> blocked, Span<ScoredItem> destination, bool vectorised)
    {
        int capacity = Math.Min(destination.Length, scores.Length);
        if (capacity == 0)
        {
            return 0;
        }

        if (vectorised && capacity >= 32 && scores.Length >= 4 * capacity)
        {
            int selected = BisectionSelection.Select(scores, blocked, destination[..capacity]);
            if (selected >= 0)
            {
                return selected;
            }
        }

        ulong[]? rented = capacity > StackKeys ? ArrayPool<ulong>.Shared.Rent(capacity) : null;
        Span<ulong> keys = (rented ?? stackalloc ulong[StackKeys])[..capacity];
        int count = 0;
        int item = 0;
        for (; item < scores.Length && count < capacity; item++)
        {
            ulong key = Key(scores[item], item);
            if (Allows(blocked, item))
            {
                keys[count++] = key;
            }
        }

        if (count == capacity)
        {
            Heapify(keys);
            if (vectorised)
            {
                item = OfferVectors(scores, blocked, keys, item);
            }

            for (; item < scores.Length; item++)
            {
                Offer(Key(scores[item], item), blocked, item, keys);
            }
        }

        keys = keys[..count];
        keys.Sort();
        for (int place = 0; place < count; place++)
        {
            int best = ItemOf(keys[count - 1 - place]);
            destination[place] = new ScoredItem(best, scores[best]);
        }

        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }

        return count;
    }

    private static int OfferVectors(
        ReadOnlySpan<float> scores, ReadOnlySpan<ulong> blocked, Span<ulong> keys, int item)
    {
        ref float origin = ref MemoryMarshal.GetReference(scores);
        var worst = Vector512.Create(scores[ItemOf(keys[0])]);
        for (; item + Vector512<float>.Count <= scores.Length; item += Vector512<float>.Count)
        {
            var sixteen = Vector512.LoadUnsafe(ref origin, (nuint)item);

            // "Not at most the worst" holds for a better score and for NaN. An equal score has the higher index.
            uint better = (uint)(~Vector512.LessThanOrEqual(sixteen, worst)).ExtractMostSignificantBits();
            if (better == 0)
            {
                continue;
            }

            for (; better != 0; better &= better - 1)
            {
                int at = item + BitOperations.TrailingZeroCount(better);
                Offer(Key(scores[at], at), blocked, at, keys);
            }

            worst = Vector512.Create(scores[ItemOf(keys[0])]);
        }

        return item;
    }

    private static void Offer(ulong key, ReadOnlySpan<ulong> blocked, int item, Span<ulong> keys)
    {
        if (key > keys[0] && Allows(blocked, item))
        {
            keys[0] = key;
            SiftDown(keys, 0);
        }
    }

    /// <summary>The 1-based rank of one place: how many others score more, or as much with a lower item.</summary>
    /// <remarks>A pass over all of them, which is cheaper than sorting for the usual ten that are asked about.</remarks>
    /// <param name="scores">The scores, none NaN.</param>
    /// <param name="items">The item at each place.</param>
    /// <param name="place">Which place.</param>
    public static int RankOf(ReadOnlySpan<float> scores, ReadOnlySpan<int> items, int place)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(items.Length, scores.Length);
        var score = new Vector<float>(scores[place]);
        var item = new Vector<int>(items[place]);
        Vector<int> before = Vector<int>.Zero;
        int from = 0;
        for (; from + Vector<float>.Count <= scores.Length; from += Vector<float>.Count)
        {
            var others = new Vector<float>(scores[from..]);

            // A true comparison is -1.
            before -= Vector.GreaterThan(others, score)
                | (Vector.Equals(others, score) & Vector.LessThan(new Vector<int>(items[from..]), item));
        }

        return 1 + Vector.Sum(before) + CountBefore(scores, items, place, from);
    }

    /// <summary>The twin of the vectors of <see cref="RankOf"/>: how many from a place on come before one.</summary>
    internal static int CountBefore(ReadOnlySpan<float> scores, ReadOnlySpan<int> items, int place, int from)
    {
        int before = 0;
        for (int other = from; other < scores.Length; other++)
        {
            before += (scores[other] > scores[place])
                | ((scores[other] == scores[place]) & (items[other] < items[place])) ? 1 : 0;
        }

        return before;
    }

    private static bool Allows(ReadOnlySpan<ulong> blocked, int item) =>
        blocked.IsEmpty || (blocked[item >> 6] >> (item & 63) & 1) == 0;

    /// <summary>A number that orders as the items do: a higher score first, then a lower index.</summary>
    internal static ulong Key(float score, int item)
    {
        if (float.IsNaN(score))
        {
            throw new InvalidOperationException(
                $"The score of item {item} is NaN; a source must write finite scores only.");
        }

        // Adding 0 makes -0 equal to 0. Negative floats count downwards, so their bits are inverted.
        int bits = BitConverter.SingleToInt32Bits(score + 0f);
        uint monotone = (uint)(bits ^ ((bits >> 31) | int.MinValue));
        return ((ulong)monotone << 32) | ~(uint)item;
    }

    /// <summary>The item of a key.</summary>
    internal static int ItemOf(ulong key) => (int)~(uint)key;

    private static void Heapify(Span<ulong> heap)
    {
        for (int root = heap.Length / 2 - 1; root >= 0; root--)
        {
            SiftDown(heap, root);
        }
    }

    private static void SiftDown(Span<ulong> heap, int root)
    {
        ulong moved = heap[root];
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

            if (heap[child] >= moved)
            {
                break;
            }

            heap[root] = heap[child];
            root = child;
        }

        heap[root] = moved;
    }
}
