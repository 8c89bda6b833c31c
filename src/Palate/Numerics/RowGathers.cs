using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Weighted sums over chosen rows of a matrix of 16-bit floats, for chosen columns only; see <see cref="RowSums"/>.</summary>
internal static unsafe class RowGathers
{
    /// <summary>Two weighted sums of the same cells: sums [c] = the sum over places of weight [place] x matrix [rows [place], columns [c]].</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="width">The matrix's row length.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="first">The first weight of each row.</param>
    /// <param name="second">The second weight of each row.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="firstSums">Receives the sums by the first weights.</param>
    /// <param name="secondSums">Receives the sums by the second weights.</param>
    public static void Sum(
        ReadOnlySpan<ushort> matrix,
        int width,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        ReadOnlySpan<int> columns,
        Span<float> firstSums,
        Span<float> secondSums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Length, rows.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, rows.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstSums.Length, columns.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(secondSums.Length, columns.Length);
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan((row + 1L) * width, matrix.Length, nameof(rows));
        }

        foreach (int column in columns)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)width, nameof(columns));
        }

        int done = Avx2.IsSupported
            ? SumVector256(matrix, width, rows, first, second, columns, firstSums, secondSums)
            : 0;
        SumScalar(matrix, width, rows, first, second, columns, firstSums, secondSums, done);
    }

    /// <summary>The twin of the vector path, from a column on.</summary>
    public static void SumScalar(
        ReadOnlySpan<ushort> matrix,
        int width,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        ReadOnlySpan<int> columns,
        Span<float> firstSums,
        Span<float> secondSums,
        int from)
    {
        for (int c = from; c < columns.Length; c++)
        {
            float a = 0;
            float b = 0;
            for (int place = 0; place < rows.Length; place++)
            {
                float cell = RowSums.Unpack(matrix[rows[place] * width + columns[c]]);
                a += first[place] * cell;
                b += second[place] * cell;
            }

            firstSums[c] = a;
            secondSums[c] = b;
        }
    }

    /// <summary>Sixteen columns at a time; returns where they end.</summary>
    /// <remarks>
    /// Reads two bytes before the first cell of the matrix when column 0 of row 0 is asked for; they are the array's own
    /// header, so the read is inside the object.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int SumVector256(
        ReadOnlySpan<ushort> matrix,
        int width,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        ReadOnlySpan<int> columns,
        Span<float> firstSums,
        Span<float> secondSums)
    {
        int c = 0;
        var upper = Vector256.Create(unchecked((int)0xFFFF0000));
        ref int origin = ref MemoryMarshal.GetReference(columns);
        fixed (ushort* cells = matrix)
        {
            for (; c + 16 <= columns.Length; c += 16)
            {
                Vector256<int> low = Vector256.LoadUnsafe(ref origin, (nuint)c);
                Vector256<int> high = Vector256.LoadUnsafe(ref origin, (nuint)c + 8);
                var a0 = Vector256<float>.Zero;
                var a1 = Vector256<float>.Zero;
                var b0 = Vector256<float>.Zero;
                var b1 = Vector256<float>.Zero;
                for (int place = 0; place < rows.Length; place++)
                {
                    // A gather reads four bytes that end with the cell: the cell is the upper half, the rest is cut off.
                    int* row = (int*)(cells + (nint)rows[place] * width - 1);
                    Vector256<float> x0 = (Avx2.GatherVector256(row, low, sizeof(ushort)) & upper).AsSingle();
                    Vector256<float> x1 = (Avx2.GatherVector256(row, high, sizeof(ushort)) & upper).AsSingle();
                    var wa = Vector256.Create(first[place]);
                    var wb = Vector256.Create(second[place]);
                    a0 = Vector256.FusedMultiplyAdd(wa, x0, a0);
                    a1 = Vector256.FusedMultiplyAdd(wa, x1, a1);
                    b0 = Vector256.FusedMultiplyAdd(wb, x0, b0);
                    b1 = Vector256.FusedMultiplyAdd(wb, x1, b1);
                }

                a0.CopyTo(firstSums[c..]);
                a1.CopyTo(firstSums[(c + 8)..]);
                b0.CopyTo(secondSums[c..]);
                b1.CopyTo(secondSums[(c + 8)..]);
            }
        }

        return c;
    }
}
