using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Adds up chosen rows of a matrix of 16-bit floats, the scoring step of a linear item model.</summary>
/// <remarks>
/// A cell is the upper half of a float (bfloat16): eight bits of precision, the range of a float, and half of the memory
/// traffic, which is what the sum of some hundred rows of a large matrix costs.
/// </remarks>
internal static class RowSums
{
    /// <summary>The nearest 16-bit floats, ties to even.</summary>
    public static ushort[] Pack(ReadOnlySpan<float> values)
    {
        ushort[] packed = new ushort[values.Length];
        for (int place = 0; place < packed.Length; place++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[place]);
            packed[place] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }

        return packed;
    }

    /// <summary>The float that a cell stands for.</summary>
    public static float Unpack(ushort cell) => BitConverter.UInt32BitsToSingle((uint)cell << 16);

    /// <summary>sums [width] += the sum over places of weight [place] x matrix [rows [place], :].</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="width">The matrix's row length.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="weights">A weight per row, or empty for 1 each.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <remarks>
    /// Rows are read from end to end, four at a time, while the sums stay in the nearest cache: reading a column block of
    /// all rows instead touches a page per row and block. Each entry is added in the order of <paramref name="rows"/>, so
    /// every path gives the same bits up to the fusing of multiply and add.
    /// </remarks>
    public static void Add(
        ReadOnlySpan<ushort> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, width);
        if (!weights.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, rows.Length);
        }

        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((row + 1L) * width, matrix.Length, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(rows));
        }

        int column = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            column = AddVector512(matrix, width, rows, weights, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            column = AddVector256(matrix, width, rows, weights, sums);
        }

        AddScalar(matrix, width, rows, weights, sums, column);
    }

    /// <summary>The twin of the vector paths, from a column on.</summary>
    public static void AddScalar(
        ReadOnlySpan<ushort> matrix,
        int width,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        int column)
    {
        if (column == width)
        {
            return;
        }

        for (int place = 0; place < rows.Length; place++)
        {
            float weight = weights.IsEmpty ? 1 : weights[place];
            ReadOnlySpan<ushort> row = matrix.Slice(rows[place] * width, width);
            for (int j = column; j < width; j++)
            {
                sums[j] += weight * Unpack(row[j]);
            }
        }
    }

    /// <summary>16 columns at a time, four rows side by side; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddVector512(
        ReadOnlySpan<ushort> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        ref ushort origin = ref MemoryMarshal.GetReference(matrix);
        ref float target = ref MemoryMarshal.GetReference(sums);
        int end = width / 16 * 16;
        int place = 0;
        for (; place + 4 <= rows.Length; place += 4)
        {
            ref ushort r0 = ref Unsafe.Add(ref origin, (nint)rows[place] * width);
            ref ushort r1 = ref Unsafe.Add(ref origin, (nint)rows[place + 1] * width);
            ref ushort r2 = ref Unsafe.Add(ref origin, (nint)rows[place + 2] * width);
            ref ushort r3 = ref Unsafe.Add(ref origin, (nint)rows[place + 3] * width);
            var w0 = Vector512.Create(weights.IsEmpty ? 1 : weights[place]);
            var w1 = Vector512.Create(weights.IsEmpty ? 1 : weights[place + 1]);
            var w2 = Vector512.Create(weights.IsEmpty ? 1 : weights[place + 2]);
            var w3 = Vector512.Create(weights.IsEmpty ? 1 : weights[place + 3]);
            for (nuint column = 0; column < (nuint)end; column += 16)
            {
                var sum = Vector512.LoadUnsafe(ref target, column);
                sum = Vector512.FusedMultiplyAdd(w0, Unpack512(ref r0, column), sum);
                sum = Vector512.FusedMultiplyAdd(w1, Unpack512(ref r1, column), sum);
                sum = Vector512.FusedMultiplyAdd(w2, Unpack512(ref r2, column), sum);
                sum = Vector512.FusedMultiplyAdd(w3, Unpack512(ref r3, column), sum);
                sum.StoreUnsafe(ref target, column);
            }
        }

        for (; place < rows.Length; place++)
        {
            ref ushort row = ref Unsafe.Add(ref origin, (nint)rows[place] * width);
            var weight = Vector512.Create(weights.IsEmpty ? 1 : weights[place]);
            for (nuint column = 0; column < (nuint)end; column += 16)
            {
                Vector512.FusedMultiplyAdd(
                    weight, Unpack512(ref row, column), Vector512.LoadUnsafe(ref target, column))
                    .StoreUnsafe(ref target, column);
            }
        }

        return end;
    }

    /// <summary>8 columns at a time, four rows side by side; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddVector256(
        ReadOnlySpan<ushort> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        ref ushort origin = ref MemoryMarshal.GetReference(matrix);
        ref float target = ref MemoryMarshal.GetReference(sums);
        int end = width / 8 * 8;
        int place = 0;
        for (; place + 4 <= rows.Length; place += 4)
        {
            ref ushort r0 = ref Unsafe.Add(ref origin, (nint)rows[place] * width);
            ref ushort r1 = ref Unsafe.Add(ref origin, (nint)rows[place + 1] * width);
            ref ushort r2 = ref Unsafe.Add(ref origin, (nint)rows[place + 2] * width);
            ref ushort r3 = ref Unsafe.Add(ref origin, (nint)rows[place + 3] * width);
            var w0 = Vector256.Create(weights.IsEmpty ? 1 : weights[place]);
            var w1 = Vector256.Create(weights.IsEmpty ? 1 : weights[place + 1]);
            var w2 = Vector256.Create(weights.IsEmpty ? 1 : weights[place + 2]);
            var w3 = Vector256.Create(weights.IsEmpty ? 1 : weights[place + 3]);
            for (nuint column = 0; column < (nuint)end; column += 8)
            {
                var sum = Vector256.LoadUnsafe(ref target, column);
                sum = Vector256.FusedMultiplyAdd(w0, Unpack256(ref r0, column), sum);
                sum = Vector256.FusedMultiplyAdd(w1, Unpack256(ref r1, column), sum);
                sum = Vector256.FusedMultiplyAdd(w2, Unpack256(ref r2, column), sum);
                sum = Vector256.FusedMultiplyAdd(w3, Unpack256(ref r3, column), sum);
                sum.StoreUnsafe(ref target, column);
            }
        }

        for (; place < rows.Length; place++)
        {
            ref ushort row = ref Unsafe.Add(ref origin, (nint)rows[place] * width);
            var weight = Vector256.Create(weights.IsEmpty ? 1 : weights[place]);
            for (nuint column = 0; column < (nuint)end; column += 8)
            {
                Vector256.FusedMultiplyAdd(
                    weight, Unpack256(ref row, column), Vector256.LoadUnsafe(ref target, column))
                    .StoreUnsafe(ref target, column);
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Unpack512(ref ushort at, nuint offset)
    {
        Vector256<ushort> cells = Vector256.LoadUnsafe(ref at, offset);
        return (Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(cells)
            : Vector512.Create(Vector256.WidenLower(cells), Vector256.WidenUpper(cells))).ShiftLeft16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Unpack256(ref ushort at, nuint offset)
    {
        Vector128<ushort> cells = Vector128.LoadUnsafe(ref at, offset);
        return Vector256.ShiftLeft(
            Vector256.Create(Vector128.WidenLower(cells), Vector128.WidenUpper(cells)), 16).AsSingle();
    }

    private static Vector512<float> ShiftLeft16(this Vector512<uint> cells) =>
        Vector512.ShiftLeft(cells, 16).AsSingle();
}
