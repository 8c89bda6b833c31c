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
    private const int Lanes = 8;

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
    internal static void Count(ReadOnlySpan<ulong> keys, Span<int> order)
    {
        // Zeros behind the keys are greater than none.
        Span<ulong> padded = stackalloc ulong[MaxCounted];
        padded = padded[..((keys.Length + Lanes - 1) / Lanes * Lanes)];
        keys.CopyTo(padded);
        padded[keys.Length..].Clear();
        ref ulong first = ref MemoryMarshal.GetReference(padded);
        for (int key = 0; key < keys.Length; key++)
        {
            var own = Vector512.Create(keys[key]);
            int greater = 0;
            for (int other = 0; other < padded.Length; other += Lanes)
            {
                greater += BitOperations.PopCount(Vector512.GreaterThan(
                    Vector512.LoadUnsafe(ref first, (nuint)other), own).ExtractMostSignificantBits());
            }

            order[greater] = key;
        }
    }
}
