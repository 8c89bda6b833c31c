using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

internal sealed unsafe partial class ByteTrees
{
    private void Score512(byte* cells, Step* steps, float* scores)
    {
        var sum0 = Vector512.Create(_bias);
        Vector512<float> sum1 = sum0;
        Vector512<float> sum2 = sum0;
        Vector512<float> sum3 = sum0;
        float* table = _tables.Pointer;
        Step* step = steps;
        foreach (int end in _ends)
        {
            // A true comparison is a byte of -1: subtracting it appends a 1 to the leaf's number.
            Vector512<byte> leaf = Vector512<byte>.Zero;
            for (Step* last = steps + end; step < last; step++)
            {
                Vector512<byte> bins = Vector512.LoadAligned(cells + step->Column * 64);
                leaf = leaf + leaf - Vector512.GreaterThanOrEqual(bins, Vector512.Create(step->Threshold).AsByte());
            }

            AddLeaves512(table, leaf, ref sum0, ref sum1, ref sum2, ref sum3);
            table += _tableSize;
        }

        StoreDealt(sum0, sum1, sum2, sum3, scores);
    }

    private void Score256(byte* cells, Step* steps, float* scores)
    {
        var sum0 = Vector256.Create(_bias);
        Vector256<float> sum1 = sum0;
        Vector256<float> sum2 = sum0;
        Vector256<float> sum3 = sum0;
        float* table = _tables.Pointer;
        Step* step = steps;
        foreach (int end in _ends)
        {
            Vector256<byte> leaf = Vector256<byte>.Zero;
            for (Step* last = steps + end; step < last; step++)
            {
                // There is no unsigned comparison: a >= b where the larger of both is a.
                Vector256<byte> bins = Vector256.LoadAligned(cells + step->Column * 32);
                Vector256<byte> larger = Vector256.Max(bins, Vector256.Create(step->Threshold).AsByte());
                leaf = leaf + leaf - Vector256.Equals(bins, larger);
            }

            AddLeaves256(table, leaf, ref sum0, ref sum1, ref sum2, ref sum3);
            table += _tableSize;
        }

        Vector256.Store(sum0, scores);
        Vector256.Store(sum1, scores + 8);
        Vector256.Store(sum2, scores + 16);
        Vector256.Store(sum3, scores + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddLeaves512(
        float* table,
        Vector512<byte> leaf,
        ref Vector512<float> sum0,
        ref Vector512<float> sum1,
        ref Vector512<float> sum2,
        ref Vector512<float> sum3)
    {
        // A lane's lowest byte is a leaf of sum 0, the next one of sum 1, and so on. The permutations read only the lowest
        // bits of a lane, so the bytes need not be widened.
        Vector512<int> leaf0 = leaf.AsInt32();
        Vector512<int> leaf1 = Vector512.ShiftRightLogical(leaf0, 8);
        Vector512<int> leaf2 = Vector512.ShiftRightLogical(leaf0, 16);
        Vector512<int> leaf3 = Vector512.ShiftRightLogical(leaf0, 24);
        if (_tableSize == 64)
        {
            // Four registers hold the table; each permutation looks up in two of them by the lowest five bits.
            Vector512<float> t0 = Vector512.LoadAligned(table);
            Vector512<float> t1 = Vector512.LoadAligned(table + 16);
            Vector512<float> t2 = Vector512.LoadAligned(table + 32);
            Vector512<float> t3 = Vector512.LoadAligned(table + 48);
            sum0 += LookUp64(t0, t1, t2, t3, leaf0);
            sum1 += LookUp64(t0, t1, t2, t3, leaf1);
            sum2 += LookUp64(t0, t1, t2, t3, leaf2);
            sum3 += LookUp64(t0, t1, t2, t3, leaf3);
        }
        else if (_tableSize == 32)
        {
            Vector512<float> t0 = Vector512.LoadAligned(table);
            Vector512<float> t1 = Vector512.LoadAligned(table + 16);
            sum0 += Avx512F.PermuteVar16x32x2(t0, leaf0, t1);
            sum1 += Avx512F.PermuteVar16x32x2(t0, leaf1, t1);
            sum2 += Avx512F.PermuteVar16x32x2(t0, leaf2, t1);
            sum3 += Avx512F.PermuteVar16x32x2(t0, leaf3, t1);
        }
        else if (_tableSize == 16)
        {
            Vector512<float> t0 = Vector512.LoadAligned(table);
            sum0 += Avx512F.PermuteVar16x32(t0, leaf0);
            sum1 += Avx512F.PermuteVar16x32(t0, leaf1);
            sum2 += Avx512F.PermuteVar16x32(t0, leaf2);
            sum3 += Avx512F.PermuteVar16x32(t0, leaf3);
        }
        else
        {
            Vector512<int> lowest = Vector512.Create(0xFF);
            sum0 += Gather(table, leaf0 & lowest);
            sum1 += Gather(table, leaf1 & lowest);
            sum2 += Gather(table, leaf2 & lowest);
            sum3 += Gather(table, leaf3);
        }
    }

    // Candidate 4 i + j is lane i of sum j.
    private static void StoreDealt(
        Vector512<float> sum0, Vector512<float> sum1, Vector512<float> sum2, Vector512<float> sum3, float* scores)
    {
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            scores[4 * lane] = sum0[lane];
            scores[4 * lane + 1] = sum1[lane];
            scores[4 * lane + 2] = sum2[lane];
            scores[4 * lane + 3] = sum3[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp64(
        Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3, Vector512<int> leaf) =>
        Vector512.ConditionalSelect(
            Vector512.Equals(leaf & Vector512.Create(32), Vector512<int>.Zero).AsSingle(),
            Avx512F.PermuteVar16x32x2(t0, leaf, t1),
            Avx512F.PermuteVar16x32x2(t2, leaf, t3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(float* table, Vector512<int> leaf) => Vector512.Create(
        Avx2.GatherVector256(table, leaf.GetLower(), sizeof(float)),
        Avx2.GatherVector256(table, leaf.GetUpper(), sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLeaves256(
        float* table,
        Vector256<byte> leaf,
        ref Vector256<float> sum0,
        ref Vector256<float> sum1,
        ref Vector256<float> sum2,
        ref Vector256<float> sum3)
    {
        Vector128<byte> low = leaf.GetLower();
        Vector128<byte> high = leaf.GetUpper();
        Vector128<byte> lowUpper = Sse2.ShiftRightLogical128BitLane(low, 8);
        Vector128<byte> highUpper = Sse2.ShiftRightLogical128BitLane(high, 8);
        sum0 += Avx2.GatherVector256(table, Avx2.ConvertToVector256Int32(low), sizeof(float));
        sum1 += Avx2.GatherVector256(table, Avx2.ConvertToVector256Int32(lowUpper), sizeof(float));
        sum2 += Avx2.GatherVector256(table, Avx2.ConvertToVector256Int32(high), sizeof(float));
        sum3 += Avx2.GatherVector256(table, Avx2.ConvertToVector256Int32(highUpper), sizeof(float));
    }
}
