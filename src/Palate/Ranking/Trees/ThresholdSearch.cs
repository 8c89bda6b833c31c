using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Counts how many of up to 254 ascending thresholds a value exceeds; NaN exceeds none.</summary>
/// <remarks>
/// A binary search of sixteen values at once. The thresholds form a tree in the order of its levels (Eytzinger's layout: the
/// children of node i are 2 i and 2 i + 1), so a level lies side by side, the first four in one register, and a step looks
/// sixteen nodes up by permuting registers: about two instructions per value and level, without a branch or a gather. What
/// is beyond the thresholds is infinity, which nothing exceeds.
/// </remarks>
internal sealed unsafe class ThresholdSearch
{
    public const int MaxCount = 254;
    private const int Lanes = 16;

    // Node i at place i; there is no node 0.
    private readonly AlignedFloats _tree;
    private readonly int _levels;

    public ThresholdSearch(ReadOnlySpan<float> thresholds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(thresholds.Length, MaxCount, nameof(thresholds));
        _levels = BitOperations.Log2((uint)thresholds.Length) + 1;
        _tree = new AlignedFloats(Math.Max(1 << _levels, Lanes));
        _tree.Span.Fill(float.PositiveInfinity);
        int next = 0;
        Plant(1, thresholds, ref next);
    }

    /// <summary>Writes the count of each value to every <paramref name="stride"/>-th byte.</summary>
    public void Count(ReadOnlySpan<float> values, byte* destination, int stride)
    {
        if (!Avx512F.IsSupported)
        {
            CountScalar(values, destination, stride);
            return;
        }

        ref float first = ref MemoryMarshal.GetReference(values);
        byte* counts = stackalloc byte[Lanes];
        int done = 0;
        for (; stride == 1 && done + 4 * Lanes <= values.Length; done += 4 * Lanes)
        {
            SearchFour(ref Unsafe.Add(ref first, done), destination + done);
        }

        for (; done + Lanes <= values.Length; done += Lanes)
        {
            Vector128<byte> sixteen = Search(Vector512.LoadUnsafe(ref first, (nuint)done));
            if (stride == 1)
            {
                sixteen.Store(destination + done);
                continue;
            }

            sixteen.Store(counts);
            for (int lane = 0; lane < Lanes; lane++)
            {
                destination[(done + lane) * stride] = counts[lane];
            }
        }

        if (done < values.Length)
        {
            float* rest = stackalloc float[Lanes];
            values[done..].CopyTo(new Span<float>(rest, Lanes));
            Search(Vector512.Load(rest)).Store(counts);
            for (int lane = 0; done < values.Length; lane++, done++)
            {
                destination[done * stride] = counts[lane];
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>The twin of the vector path.</summary>
    internal void CountScalar(ReadOnlySpan<float> values, byte* destination, int stride)
    {
        float* tree = _tree.Pointer;
        foreach (float value in values)
        {
            int node = 1;
            for (int level = 0; level < _levels; level++)
            {
                node = 2 * node + (value > tree[node] ? 1 : 0);
            }

            *destination = (byte)(node - (1 << _levels));
            destination += stride;
        }

        GC.KeepAlive(this);
    }

    // In the order of the values: what is left of a node, the node, what is right of it.
    private void Plant(int node, ReadOnlySpan<float> thresholds, ref int next)
    {
        if (node < 1 << _levels)
        {
            Plant(2 * node, thresholds, ref next);
            if (next < thresholds.Length)
            {
                _tree.Span[node] = thresholds[next];
            }

            next++;
            Plant(2 * node + 1, thresholds, ref next);
        }
    }

    // Four searches side by side: each waits for its own lookups, and all share the tables.
    private void SearchFour(ref float values, byte* counts)
    {
        float* tree = _tree.Pointer;
        var v0 = Vector512.LoadUnsafe(ref values);
        var v1 = Vector512.LoadUnsafe(ref values, Lanes);
        var v2 = Vector512.LoadUnsafe(ref values, 2 * Lanes);
        var v3 = Vector512.LoadUnsafe(ref values, 3 * Lanes);
        Vector512<int> n0 = Vector512<int>.One, n1 = n0, n2 = n0, n3 = n0;
        for (int level = 0; level < _levels; level++)
        {
            n0 = Next(n0, v0, LookUp(tree, level, n0));
            n1 = Next(n1, v1, LookUp(tree, level, n1));
            n2 = Next(n2, v2, LookUp(tree, level, n2));
            n3 = Next(n3, v3, LookUp(tree, level, n3));
        }

        var leaves = Vector512.Create(1 << _levels);
        Avx512F.ConvertToVector128Byte(n0 - leaves).Store(counts);
        Avx512F.ConvertToVector128Byte(n1 - leaves).Store(counts + Lanes);
        Avx512F.ConvertToVector128Byte(n2 - leaves).Store(counts + 2 * Lanes);
        Avx512F.ConvertToVector128Byte(n3 - leaves).Store(counts + 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> Search(Vector512<float> values)
    {
        float* tree = _tree.Pointer;
        Vector512<int> node = Vector512<int>.One;
        for (int level = 0; level < _levels; level++)
        {
            node = Next(node, values, LookUp(tree, level, node));
        }

        return Avx512F.ConvertToVector128Byte(node - Vector512.Create(1 << _levels));
    }

    // A true comparison is -1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Next(Vector512<int> node, Vector512<float> values, Vector512<float> thresholds) =>
        node + node - Vector512.GreaterThan(values, thresholds).AsInt32();

    // A lookup reads only the lowest bits of the number, which are the place within the level.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp(float* tree, int level, Vector512<int> node) => level switch
    {
        <= 3 => Avx512F.PermuteVar16x32(Vector512.LoadAligned(tree), node),
        4 => Avx512F.PermuteVar16x32(Vector512.LoadAligned(tree + 16), node),
        5 => LookUp32(tree + 32, node),
        6 => LookUp64(tree + 64, node),
        _ => Vector512.ConditionalSelect(
            Vector512.Equals(node & Vector512.Create(64), Vector512<int>.Zero).AsSingle(),
            LookUp64(tree + 128, node),
            LookUp64(tree + 192, node)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp32(float* table, Vector512<int> place) =>
        Avx512F.PermuteVar16x32x2(Vector512.LoadAligned(table), place, Vector512.LoadAligned(table + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp64(float* table, Vector512<int> place) => Vector512.ConditionalSelect(
        Vector512.Equals(place & Vector512.Create(32), Vector512<int>.Zero).AsSingle(),
        LookUp32(table, place),
        LookUp32(table + 32, place));
}
