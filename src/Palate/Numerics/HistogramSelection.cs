using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Selects the best of many scores by counting them into buckets of their range, then sorting few.</summary>
/// <remarks>
/// A heap that keeps 150 of 1,700 scores in random order pays for every new best; counting pays once per score. The
/// buckets only find a threshold that lets at least the wanted number pass, so the result is exact.
/// </remarks>
internal static class HistogramSelection
{
    private const int Buckets = 256;

    // Skewed scores that share a bucket would all have to be sorted; then the heap is as good.
    private const int MaxOverflow = 4;

    /// <summary>Writes the best allowed items, best first; returns how many, or -1 when the scores are too skewed.</summary>
    /// <exception cref="InvalidOperationException">A score is NaN.</exception>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<ulong> blocked, Span<ScoredItem> destination)
    {
        // Both propagate NaN, which the heap's path reports with its item.
        float least = TensorPrimitives.Min(scores);
        float greatest = TensorPrimitives.Max(scores);
        float scale = (Buckets - 1) / (greatest - least);
        if (!float.IsFinite(scale))
        {
            return -1;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(scores.Length + Vector512<float>.Count);
        Span<byte> buckets = rented.AsSpan(0, scores.Length);
        Assign(scores, least, scale, buckets);
        Span<int> counts = stackalloc int[Buckets];
        counts.Clear();
        foreach (byte bucket in buckets)
        {
            counts[bucket]++;
        }

        for (int word = 0; word < blocked.Length; word++)
        {
            for (ulong bits = blocked[word]; bits != 0; bits &= bits - 1)
            {
                int item = 64 * word + System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (item < scores.Length)
                {
                    counts[buckets[item]]--;
                }
            }
        }

        int threshold = Buckets;
        int passing = 0;
        while (threshold > 0 && passing < destination.Length)
        {
            passing += counts[--threshold];
        }

        int written = passing > MaxOverflow * destination.Length
            ? -1
            : Collect(scores, blocked, buckets, (byte)threshold, passing, destination);
        ArrayPool<byte>.Shared.Return(rented);
        return written;
    }

    private static int Collect(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<ulong> blocked,
        ReadOnlySpan<byte> buckets,
        byte threshold,
        int passing,
        Span<ScoredItem> destination)
    {
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(Math.Max(1, passing));
        Span<ulong> keys = rented.AsSpan(0, passing);
        int count = 0;
        for (int start = 0; start < buckets.Length; start += 64)
        {
            ulong passes = Passing(buckets, start, threshold);
            if (!blocked.IsEmpty)
            {
                passes &= ~blocked[start >> 6];
            }

            for (; passes != 0; passes &= passes - 1)
            {
                int item = start + System.Numerics.BitOperations.TrailingZeroCount(passes);
                keys[count++] = TopK.Key(scores[item], item);
            }
        }

        keys.Sort();
        int wanted = Math.Min(destination.Length, count);
        for (int place = 0; place < wanted; place++)
        {
            int item = (int)~(uint)keys[count - 1 - place];
            destination[place] = new ScoredItem(item, scores[item]);
        }

        ArrayPool<ulong>.Shared.Return(rented);
        return wanted;
    }

    private static ulong Passing(ReadOnlySpan<byte> buckets, int start, byte threshold)
    {
        if (start + 64 <= buckets.Length)
        {
            return Vector512.GreaterThanOrEqual(Vector512.Create(buckets[start..]), Vector512.Create(threshold))
                .ExtractMostSignificantBits();
        }

        ulong passes = 0;
        for (int item = start; item < buckets.Length; item++)
        {
            passes |= buckets[item] >= threshold ? 1UL << (item - start) : 0;
        }

        return passes;
    }

    private static void Assign(ReadOnlySpan<float> scores, float least, float scale, Span<byte> buckets)
    {
        int item = 0;
        var low = Vector512.Create(least);
        var by = Vector512.Create(scale);
        for (; item + 64 <= scores.Length; item += 64)
        {
            Vector512<int> a = Vector512.ConvertToInt32((Vector512.Create(scores[item..]) - low) * by);
            Vector512<int> b = Vector512.ConvertToInt32((Vector512.Create(scores[(item + 16)..]) - low) * by);
            Vector512<int> c = Vector512.ConvertToInt32((Vector512.Create(scores[(item + 32)..]) - low) * by);
            Vector512<int> d = Vector512.ConvertToInt32((Vector512.Create(scores[(item + 48)..]) - low) * by);
            Vector512.Narrow(
                Vector512.Narrow(a, b).AsUInt16(),
                Vector512.Narrow(c, d).AsUInt16()).CopyTo(buckets[item..]);
        }

        for (; item < scores.Length; item++)
        {
            buckets[item] = (byte)(int)((scores[item] - least) * scale);
        }
    }
}
