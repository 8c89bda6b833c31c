using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Adds up chosen rows of a matrix, the scoring step of a linear item model.</summary>
internal static class RowSums
{
    /// <summary>sums [width] += the sum over places of weight [place] x matrix [rows [place], :].</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="width">The matrix's row length.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="weights">A weight per row, or empty for 1 each.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <remarks>
    /// Eight vectors of sums stay in registers while all rows pass by them; each entry is added in the order of
    /// <paramref name="rows"/>, so every path gives the same bits up to the fusing of multiply and add.
    /// </remarks>
    public static void Add(
        ReadOnlySpan<float> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
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
        ReadOnlySpan<float> matrix,
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
            ReadOnlySpan<float> row = matrix.Slice(rows[place] * width, width);
            for (int j = column; j < width; j++)
            {
                sums[j] += weight * row[j];
            }
        }
    }

    /// <summary>Blocks of 128 columns; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddVector512(
        ReadOnlySpan<float> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        const int Block = 8 * 16;
        ref float origin = ref MemoryMarshal.GetReference(matrix);
        ref float target = ref MemoryMarshal.GetReference(sums);
        int column = 0;
        for (; column + Block <= width; column += Block)
        {
            Vector512<float> s0 = Vector512.LoadUnsafe(ref target, (nuint)column);
            Vector512<float> s1 = Vector512.LoadUnsafe(ref target, (nuint)column + 16);
            Vector512<float> s2 = Vector512.LoadUnsafe(ref target, (nuint)column + 32);
            Vector512<float> s3 = Vector512.LoadUnsafe(ref target, (nuint)column + 48);
            Vector512<float> s4 = Vector512.LoadUnsafe(ref target, (nuint)column + 64);
            Vector512<float> s5 = Vector512.LoadUnsafe(ref target, (nuint)column + 80);
            Vector512<float> s6 = Vector512.LoadUnsafe(ref target, (nuint)column + 96);
            Vector512<float> s7 = Vector512.LoadUnsafe(ref target, (nuint)column + 112);
            for (int place = 0; place < rows.Length; place++)
            {
                ref float at = ref Unsafe.Add(ref origin, (nint)rows[place] * width + column);
                var w = Vector512.Create(weights.IsEmpty ? 1 : weights[place]);
                s0 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at), s0);
                s1 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 16), s1);
                s2 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 32), s2);
                s3 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 48), s3);
                s4 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 64), s4);
                s5 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 80), s5);
                s6 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 96), s6);
                s7 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(ref at, 112), s7);
            }

            s0.StoreUnsafe(ref target, (nuint)column);
            s1.StoreUnsafe(ref target, (nuint)column + 16);
            s2.StoreUnsafe(ref target, (nuint)column + 32);
            s3.StoreUnsafe(ref target, (nuint)column + 48);
            s4.StoreUnsafe(ref target, (nuint)column + 64);
            s5.StoreUnsafe(ref target, (nuint)column + 80);
            s6.StoreUnsafe(ref target, (nuint)column + 96);
            s7.StoreUnsafe(ref target, (nuint)column + 112);
        }

        return column;
    }

    /// <summary>Blocks of 32 columns; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddVector256(
        ReadOnlySpan<float> matrix, int width, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        const int Block = 4 * 8;
        ref float origin = ref MemoryMarshal.GetReference(matrix);
        ref float target = ref MemoryMarshal.GetReference(sums);
        int column = 0;
        for (; column + Block <= width; column += Block)
        {
            Vector256<float> s0 = Vector256.LoadUnsafe(ref target, (nuint)column);
            Vector256<float> s1 = Vector256.LoadUnsafe(ref target, (nuint)column + 8);
            Vector256<float> s2 = Vector256.LoadUnsafe(ref target, (nuint)column + 16);
            Vector256<float> s3 = Vector256.LoadUnsafe(ref target, (nuint)column + 24);
            for (int place = 0; place < rows.Length; place++)
            {
                ref float at = ref Unsafe.Add(ref origin, (nint)rows[place] * width + column);
                var w = Vector256.Create(weights.IsEmpty ? 1 : weights[place]);
                s0 = Vector256.FusedMultiplyAdd(w, Vector256.LoadUnsafe(ref at), s0);
                s1 = Vector256.FusedMultiplyAdd(w, Vector256.LoadUnsafe(ref at, 8), s1);
                s2 = Vector256.FusedMultiplyAdd(w, Vector256.LoadUnsafe(ref at, 16), s2);
                s3 = Vector256.FusedMultiplyAdd(w, Vector256.LoadUnsafe(ref at, 24), s3);
            }

            s0.StoreUnsafe(ref target, (nuint)column);
            s1.StoreUnsafe(ref target, (nuint)column + 8);
            s2.StoreUnsafe(ref target, (nuint)column + 16);
            s3.StoreUnsafe(ref target, (nuint)column + 24);
        }

        return column;
    }
}
