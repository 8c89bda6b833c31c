using System.Numerics;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Sets of at most 32 codes, one bit per code: how often each code occurs in chosen sets, and means over sets.</summary>
/// <remarks>
/// Sets hold one to some codes each, so a loop over a set ends in a mispredicted branch. Here a set is a mask: it is added
/// to all codes' sums at once, and sixteen sets' means are formed side by side. Every sum is added up in the order of the
/// sets, or of the codes, so the vector path and its twin give the same bits.
/// </remarks>
internal static class CodeSets
{
    /// <summary>The most codes.</summary>
    public const int MaxCodes = 32;

    private const int Lanes = 16;

    /// <summary>The sets as masks, or null when there are too many codes.</summary>
    public static uint[]? Of(AttributeColumn column)
    {
        if (column.Values.Count > MaxCodes)
        {
            return null;
        }

        uint[] sets = new uint[column.Count];
        for (int entity = 0; entity < sets.Length; entity++)
        {
            foreach (int code in column[entity])
            {
                sets[entity] |= 1u << code;
            }
        }

        return sets;
    }

    /// <summary>counts [code] = in how many of the chosen sets the code is; sums [code] = the sum of those sets' weights.</summary>
    /// <param name="sets">All sets.</param>
    /// <param name="chosen">Which of them; one may come several times.</param>
    /// <param name="weights">One per chosen set.</param>
    /// <param name="counts">32 numbers.</param>
    /// <param name="sums">32 numbers.</param>
    public static void Add(
        ReadOnlySpan<uint> sets,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<float> weights,
        Span<float> counts,
        Span<float> sums)
    {
        Check(chosen.Length, weights.Length, counts.Length, sums.Length);
        if (!Vector512.IsHardwareAccelerated)
        {
            AddScalar(sets, chosen, weights, counts, sums);
            return;
        }

        var low = Vector512.Create(
            1u, 1u << 1, 1u << 2, 1u << 3, 1u << 4, 1u << 5, 1u << 6, 1u << 7,
            1u << 8, 1u << 9, 1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15);
        Vector512<uint> high = Vector512.ShiftLeft(low, Lanes);
        Vector512<float> lowCounts = Vector512<float>.Zero, highCounts = lowCounts, lowSums = lowCounts, highSums = lowCounts;
        for (int place = 0; place < chosen.Length; place++)
        {
            var set = Vector512.Create(sets[chosen[place]]);
            var weight = Vector512.Create(weights[place]);
            Vector512<float> inLow = Vector512.Equals(set & low, low).AsSingle();
            Vector512<float> inHigh = Vector512.Equals(set & high, high).AsSingle();
            lowCounts += inLow & Vector512<float>.One;
            highCounts += inHigh & Vector512<float>.One;
            lowSums += inLow & weight;
            highSums += inHigh & weight;
        }

        lowCounts.CopyTo(counts);
        highCounts.CopyTo(counts[Lanes..]);
        lowSums.CopyTo(sums);
        highSums.CopyTo(sums[Lanes..]);
    }

    /// <summary>The twin of <see cref="Add"/>.</summary>
    public static void AddScalar(
        ReadOnlySpan<uint> sets,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<float> weights,
        Span<float> counts,
        Span<float> sums)
    {
        Check(chosen.Length, weights.Length, counts.Length, sums.Length);
        counts.Clear();
        sums.Clear();
        for (int place = 0; place < chosen.Length; place++)
        {
            for (uint left = sets[chosen[place]]; left != 0; left &= left - 1)
            {
                int code = BitOperations.TrailingZeroCount(left);
                counts[code]++;
                sums[code] += weights[place];
            }
        }
    }

    /// <summary>For each chosen set the means over its codes of two numbers per code; NaN for a set without codes.</summary>
    /// <param name="sets">All sets.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="first">32 numbers.</param>
    /// <param name="second">32 numbers.</param>
    /// <param name="firstMeans">Receives one mean per chosen set.</param>
    /// <param name="secondMeans">Receives one mean per chosen set.</param>
    public static void Means(
        ReadOnlySpan<uint> sets,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        Span<float> firstMeans,
        Span<float> secondMeans)
    {
        int place = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Span<uint> own = stackalloc uint[Lanes];
            for (; place + Lanes <= chosen.Length; place += Lanes)
            {
                uint used = 0;
                for (int lane = 0; lane < Lanes; lane++)
                {
                    own[lane] = sets[chosen[place + lane]];
                    used |= own[lane];
                }

                MeansOfSixteen(
                    Vector512.Create<uint>(own), used, first, second, firstMeans[place..], secondMeans[place..]);
            }
        }

        MeansScalar(sets, chosen[place..], first, second, firstMeans[place..], secondMeans[place..]);
    }

    /// <summary>The twin of <see cref="Means"/>.</summary>
    public static void MeansScalar(
        ReadOnlySpan<uint> sets,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        Span<float> firstMeans,
        Span<float> secondMeans)
    {
        Check(firstMeans.Length, secondMeans.Length, first.Length, second.Length);
        for (int place = 0; place < chosen.Length; place++)
        {
            float one = 0;
            float two = 0;
            uint set = sets[chosen[place]];
            for (uint left = set; left != 0; left &= left - 1)
            {
                int code = BitOperations.TrailingZeroCount(left);
                one += first[code];
                two += second[code];
            }

            // Nothing over nothing is NaN.
            firstMeans[place] = one / BitOperations.PopCount(set);
            secondMeans[place] = two / BitOperations.PopCount(set);
        }
    }

    private static void MeansOfSixteen(
        Vector512<uint> sets,
        uint used,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        Span<float> firstMeans,
        Span<float> secondMeans)
    {
        Vector512<float> one = Vector512<float>.Zero, two = one, count = one;
        for (uint left = used; left != 0; left &= left - 1)
        {
            int code = BitOperations.TrailingZeroCount(left);
            var bit = Vector512.Create(1u << code);
            Vector512<float> has = Vector512.Equals(sets & bit, bit).AsSingle();
            one += has & Vector512.Create(first[code]);
            two += has & Vector512.Create(second[code]);
            count += has & Vector512<float>.One;
        }

        (one / count).CopyTo(firstMeans);
        (two / count).CopyTo(secondMeans);
    }

    private static void Check(int one, int other, int codes, int otherCodes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other, one);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes, MaxCodes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(otherCodes, MaxCodes);
    }
}
