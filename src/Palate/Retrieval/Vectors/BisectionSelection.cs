using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Selects the best of many scores by bisecting for a threshold that few pass, then ordering those.</summary>
/// <remarks>
/// A heap that keeps 150 of 1,700 scores in random order pays for every new best. To count the scores above a threshold
/// takes a comparison per sixteen of them and no branch, and some eight thresholds are enough. The threshold lets at
/// least the wanted number pass, so the result is exact.
/// </remarks>
internal static class BisectionSelection
{
    private const int MaxSteps = 24;
    private const int Width = 64;

    // Skewed scores of which too many pass every threshold would all have to be ordered; then the heap is as good.
    private const int MaxOverflow = 4;

    /// <summary>Writes the best allowed items, best first; returns how many, or -1 when the scores are too skewed.</summary>
    /// <param name="scores">One score per item.</param>
    /// <param name="blocked">One bit per item, or empty when all are allowed.</param>
    /// <param name="destination">Receives the best items.</param>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<ulong> blocked, Span<ScoredItem> destination)
    {
        int padded = (scores.Length + Width - 1) / Width * Width;
        float[] rented = ArrayPool<float>.Shared.Rent(padded);
        Span<float> allowed = rented.AsSpan(0, padded);
        (float least, float greatest) = Copy(scores, allowed);
        int written = -1;
        if (float.IsFinite(greatest - least))
        {
            Hide(blocked, allowed);
            (float threshold, int passing) = Bisect(allowed, least, greatest, destination.Length);
            if (passing <= MaxOverflow * destination.Length)
            {
                written = Collect(allowed, threshold, passing, destination);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        return written;
    }

    /// <summary>How many scores are at least the threshold.</summary>
    /// <param name="scores">A multiple of 64.</param>
    /// <param name="threshold">The threshold.</param>
    internal static int CountPassing(ReadOnlySpan<float> scores, float threshold)
    {
        ref float first = ref MemoryMarshal.GetReference(scores);
        var least = Vector512.Create(threshold);
        Vector512<int> a = Vector512<int>.Zero;
        Vector512<int> b = a;
        Vector512<int> c = a;
        Vector512<int> d = a;
        for (nuint start = 0; start < (nuint)scores.Length; start += Width)
        {
            // A true comparison is -1.
            a -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, start), least).AsInt32();
            b -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, start + 16), least).AsInt32();
            c -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, start + 32), least).AsInt32();
            d -= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, start + 48), least).AsInt32();
        }

        return Vector512.Sum(a + b + (c + d));
    }

    // The range of the scores; not finite when a score is not, which the heap's path reports with its item.
    private static (float Least, float Greatest) Copy(ReadOnlySpan<float> scores, Span<float> allowed)
    {
        ref float from = ref MemoryMarshal.GetReference(scores);
        ref float to = ref MemoryMarshal.GetReference(allowed);
        var least = Vector512.Create(float.PositiveInfinity);
        var greatest = Vector512.Create(float.NegativeInfinity);
        Vector512<float> unknown = Vector512<float>.Zero;
        int item = 0;
        for (; item + Vector512<float>.Count <= scores.Length; item += Vector512<float>.Count)
        {
            var sixteen = Vector512.LoadUnsafe(ref from, (nuint)item);
            sixteen.StoreUnsafe(ref to, (nuint)item);
            least = Vector512.MinNative(least, sixteen);
            greatest = Vector512.MaxNative(greatest, sixteen);

            // 0 for every number, NaN for what is none.
            unknown += sixteen - sixteen;
        }

        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            low = MathF.Min(low, least[lane]);
            high = MathF.Max(high, greatest[lane]);
        }

        for (; item < scores.Length; item++)
        {
            allowed[item] = scores[item];
            low = MathF.Min(low, scores[item]);
            high = MathF.Max(high, scores[item]);
        }

        // The padding becomes the least, as the blocked do: no threshold lets them pass.
        allowed[scores.Length..].Fill(float.NegativeInfinity);
        return Vector512.EqualsAll(unknown, Vector512<float>.Zero) ? (low, high) : (float.NaN, float.NaN);
    }

    private static void Hide(ReadOnlySpan<ulong> blocked, Span<float> allowed)
    {
        for (int word = 0; word < blocked.Length; word++)
        {
            for (ulong bits = blocked[word]; bits != 0; bits &= bits - 1)
            {
                allowed[Width * word + BitOperations.TrailingZeroCount(bits)] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>The highest threshold found that at least the wanted number passes, or all when there are not so many.</summary>
    private static (float Threshold, int Passing) Bisect(
        ReadOnlySpan<float> allowed, float least, float greatest, int wanted)
    {
        float low = least;
        float high = greatest;
        int passing = CountPassing(allowed, low);
        for (int step = 0; step < MaxSteps && passing > wanted + wanted / 4; step++)
        {
            float middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }

            int count = CountPassing(allowed, middle);
            if (count >= wanted)
            {
                (low, passing) = (middle, count);
            }
            else
            {
                high = middle;
            }
        }

        return (low, passing);
    }

    private static int Collect(ReadOnlySpan<float> allowed, float threshold, int passing, Span<ScoredItem> destination)
    {
        ulong[] rentedKeys = ArrayPool<ulong>.Shared.Rent(passing);
        int[] rentedOrder = ArrayPool<int>.Shared.Rent(passing);
        Span<ulong> keys = rentedKeys.AsSpan(0, passing);
        Span<int> order = rentedOrder.AsSpan(0, passing);
        int count = 0;
        for (int start = 0; start < allowed.Length; start += Width)
        {
            for (ulong passes = Passing(allowed, start, threshold); passes != 0; passes &= passes - 1)
            {
                int item = start + BitOperations.TrailingZeroCount(passes);
                keys[count++] = TopK.Key(allowed[item], item);
            }
        }

        KeyOrder.Descending(keys, order);
        int wanted = Math.Min(destination.Length, count);
        for (int place = 0; place < wanted; place++)
        {
            int item = TopK.ItemOf(keys[order[place]]);
            destination[place] = new ScoredItem(item, allowed[item]);
        }

        ArrayPool<int>.Shared.Return(rentedOrder);
        ArrayPool<ulong>.Shared.Return(rentedKeys);
        return wanted;
    }

    /// <summary>One bit for each of the 64 scores from a place on, set when it is at least the threshold.</summary>
    private static ulong Passing(ReadOnlySpan<float> scores, int start, float threshold)
    {
        ref float first = ref MemoryMarshal.GetReference(scores.Slice(start, Width));
        var least = Vector512.Create(threshold);
        ulong a = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first), least).ExtractMostSignificantBits();
        ulong b = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, 16), least).ExtractMostSignificantBits();
        ulong c = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, 32), least).ExtractMostSignificantBits();
        ulong d = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref first, 48), least).ExtractMostSignificantBits();
        return a | (b << 16) | (c << 32) | (d << 48);
    }
}
