using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>The order of distinct 64-bit keys, greatest first.</summary>
/// <remarks>
/// Sorting a hundred keys costs a mispredicted branch for every other comparison. Up to some hundreds it is faster to
/// count, eight keys at once and without a branch, how many are greater: that is a key's place.
/// </remarks>
internal static class KeyOrder
{
    // Counting grows with the square; from here on sorting is faster.
    private const int MaxCounted = 384;
    private const int Lanes = 16;

    /// <summary>Writes the numbers of the keys, the greatest key's first.</summary>
    /// <param name="keys">Distinct keys.</param>
    /// <param name="order">Receives the keys' places in <paramref name="keys"/>; as long.</param>
    public static void Descending(ReadOnlySpan<ulong> keys, Span<int> order)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Length, keys.Length);
        if (Vector512.IsHardwareAccelerated && keys.Length <= MaxCounted)
        {
            Count(keys, order);
        }
        else
        {
            Sort(keys, order);
        }
    }

    /// <summary>The twin of the counting.</summary>
    internal static void Sort(ReadOnlySpan<ulong> keys, Span<int> order)
    {
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(keys.Length);
        Span<ulong> sorted = rented.AsSpan(0, keys.Length);
        keys.CopyTo(sorted);
        for (int key = 0; key < keys.Length; key++)
        {
            order[key] = key;
        }

        sorted.Sort(order);
        order.Reverse();
        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>Places by counting; for at most <see cref="MaxCounted"/> keys.</summary>
    /// <remarks>
    /// By the upper halves, sixteen at once: a key's place is how many are at least as great, itself left out. Where two
    /// are equal both get the later place, so the places add up to more than they should, and sorting decides.
    /// </remarks>
    internal static void Count(ReadOnlySpan<ulong> keys, Span<int> order)
    {
        Span<uint> upper = stackalloc uint[MaxCounted];
        upper = upper[..((keys.Length + Lanes - 1) / Lanes * Lanes)];
        for (int key = 0; key < keys.Length; key++)
        {
            upper[key] = (uint)(keys[key] >> 32);
        }

        // What is behind the keys is at least as great as a key only when that is 0, and takes no place before one then.
        upper[keys.Length..].Clear();
        ref uint first = ref MemoryMarshal.GetReference(upper);
        int expected = keys.Length * (keys.Length - 1) / 2;
        for (int key = 0; key < keys.Length; key++)
        {
            var own = Vector512.Create(upper[key]);
            int place = -1;
            for (int other = 0; other < upper.Length; other += Lanes)
            {
                place += BitOperations.PopCount(Vector512.GreaterThanOrEqual(
                    Vector512.LoadUnsafe(ref first, (nuint)other), own).ExtractMostSignificantBits());
            }

            expected -= place;
            order[Math.Min(place, order.Length - 1)] = key;
        }

        if (expected != 0)
        {
            Sort(keys, order);
        }
    }
}
