using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
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
        // Both propagate NaN, which the heap's path reports with its item.
        float least = TensorPrimitives.Min(scores);
        float greatest = TensorPrimitives.Max(scores);
        if (!float.IsFinite(greatest - least))
        {
            return -1;
        }

        int padded = (scores.Length + Width - 1) / Width * Width;
        float[] rented = ArrayPool<float>.Shared.Rent(padded);
        Span<float> allowed = rented.AsSpan(0, padded);
        CopyAllowed(scores, blocked, allowed);
        (float threshold, int passing) = Bisect(allowed, least, greatest, destination.Length);
        int written = passing > MaxOverflow * destination.Length ? -1 : Collect(allowed, threshold, passing, destination);
        ArrayPool<float>.Shared.Return(rented);
        return written;
    }

    /// <summary>How many scores are at least the threshold.</summary>
    internal static int CountPassing(ReadOnlySpan<float> scores, float threshold)
    {
        int count = 0;
        for (int start = 0; start < scores.Length; start += Width)
        {
            count += BitOperations.PopCount(Passing(scores, start, threshold));
        }

        return count;
    }

    // The blocked and the padding become the least: no threshold lets them pass.
    private static void CopyAllowed(ReadOnlySpan<float> scores, ReadOnlySpan<ulong> blocked, Span<float> allowed)
    {
        scores.CopyTo(allowed);
        allowed[scores.Length..].Fill(float.NegativeInfinity);
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
