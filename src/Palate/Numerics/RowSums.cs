using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palate;

/// <summary>Adds up chosen rows of a matrix, plainly and weighted: the scoring step of a linear item model.</summary>
/// <remarks>
/// The time goes to reading the rows; the second sum costs a third more arithmetic and no traffic. Rows are read from end
/// to end, several at a time, while the sums stay in the nearest cache: reading a column block of all rows instead touches
/// a page per row and block. Each entry is added in the order of the rows, so every path gives the same bits up to the
/// fusing of multiply and add.
/// </remarks>
internal static class RowSums
{
    private const int Line = PackedMatrix.Line;

    /// <summary>
    /// sums [width] += the sum over places of matrix [rows [place], :], and weighted [width] += the same with each row
    /// times weights [place].
    /// </summary>
    public static void Add(
        PackedMatrix matrix,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        Span<float> weighted)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, matrix.Width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weighted.Length, matrix.Width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, rows.Length);
        foreach (int row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)matrix.Rows, nameof(rows));
        }

        if (Avx512F.IsSupported)
        {
            int end = matrix.Width / Line * Line;
            AddVector512(matrix, 0, rows, weights, sums[..end], weighted[..end]);
            if (end < matrix.Width)
            {
                // The rows are padded, the sums are not.
                Span<float> sumsTail = stackalloc float[Line];
                Span<float> weightedTail = stackalloc float[Line];
                sums[end..].CopyTo(sumsTail);
                weighted[end..].CopyTo(weightedTail);
                AddVector512(matrix, end, rows, weights, sumsTail, weightedTail);
                sumsTail[..(matrix.Width - end)].CopyTo(sums[end..]);
                weightedTail[..(matrix.Width - end)].CopyTo(weighted[end..]);
            }
        }
        else
        {
            int end = Vector256.IsHardwareAccelerated ? AddVector256(matrix, rows, weights, sums, weighted) : 0;
            AddScalar(matrix, rows, weights, sums, weighted, end);
        }
    }

    /// <summary>The twin of the vector paths, from a column on.</summary>
    public static void AddScalar(
        PackedMatrix matrix,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        Span<float> weighted,
        int from)
    {
        for (int place = 0; place < rows.Length; place++)
        {
            ReadOnlySpan<ushort> row = matrix.Cells.Slice(rows[place] * matrix.Stride, matrix.Width);
            for (int column = from; column < row.Length; column++)
            {
                float cell = PackedMatrix.Unpack(row[column]);
                sums[column] += cell;
                weighted[column] += weights[place] * cell;
            }
        }
    }

    /// <summary>32 columns at a time, four rows side by side, from a column of the matrix on.</summary>
    /// <remarks>
    /// A 32-bit lane holds two cells. The shifted lanes are the even columns, the masked ones the odd columns; the sums are
    /// dealt out that way before and put together again after, which is cheaper than widening every cell.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddVector512(
        PackedMatrix matrix,
        int from,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        Span<float> weighted)
    {
        ref ushort origin = ref Unsafe.Add(ref MemoryMarshal.GetReference(matrix.Cells), from);
        ref float plain = ref MemoryMarshal.GetReference(sums);
        ref float other = ref MemoryMarshal.GetReference(weighted);
        Deal(sums);
        Deal(weighted);
        nuint end = (nuint)sums.Length;
        int place = 0;
        for (; place + 4 <= rows.Length; place += 4)
        {
            ref ushort r0 = ref Unsafe.Add(ref origin, (nint)rows[place] * matrix.Stride);
            ref ushort r1 = ref Unsafe.Add(ref origin, (nint)rows[place + 1] * matrix.Stride);
            ref ushort r2 = ref Unsafe.Add(ref origin, (nint)rows[place + 2] * matrix.Stride);
            ref ushort r3 = ref Unsafe.Add(ref origin, (nint)rows[place + 3] * matrix.Stride);
            var w0 = Vector512.Create(weights[place]);
            var w1 = Vector512.Create(weights[place + 1]);
            var w2 = Vector512.Create(weights[place + 2]);
            var w3 = Vector512.Create(weights[place + 3]);
            for (nuint column = 0; column < end; column += Line)
            {
                Sums sum = Sums.Load(ref plain, ref other, column);
                sum.Add(ref r0, column, w0);
                sum.Add(ref r1, column, w1);
                sum.Add(ref r2, column, w2);
                sum.Add(ref r3, column, w3);
                sum.Store(ref plain, ref other, column);
            }
        }

        for (; place < rows.Length; place++)
        {
            ref ushort row = ref Unsafe.Add(ref origin, (nint)rows[place] * matrix.Stride);
            var weight = Vector512.Create(weights[place]);
            for (nuint column = 0; column < end; column += Line)
            {
                Sums sum = Sums.Load(ref plain, ref other, column);
                sum.Add(ref row, column, weight);
                sum.Store(ref plain, ref other, column);
            }
        }

        Gather(sums);
        Gather(weighted);
    }

    /// <summary>8 columns at a time; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddVector256(
        PackedMatrix matrix,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        Span<float> weighted)
    {
        ref ushort origin = ref MemoryMarshal.GetReference(matrix.Cells);
        ref float plain = ref MemoryMarshal.GetReference(sums);
        ref float other = ref MemoryMarshal.GetReference(weighted);
        int end = matrix.Width / 8 * 8;
        int place = 0;
        for (; place + 2 <= rows.Length; place += 2)
        {
            ref ushort r0 = ref Unsafe.Add(ref origin, (nint)rows[place] * matrix.Stride);
            ref ushort r1 = ref Unsafe.Add(ref origin, (nint)rows[place + 1] * matrix.Stride);
            var w0 = Vector256.Create(weights[place]);
            var w1 = Vector256.Create(weights[place + 1]);
            for (nuint column = 0; column < (nuint)end; column += 8)
            {
                Vector256<float> x0 = Unpack256(ref r0, column);
                Vector256<float> x1 = Unpack256(ref r1, column);
                (Vector256.LoadUnsafe(ref plain, column) + x0 + x1).StoreUnsafe(ref plain, column);
                var sum = Vector256.FusedMultiplyAdd(w0, x0, Vector256.LoadUnsafe(ref other, column));
                Vector256.FusedMultiplyAdd(w1, x1, sum).StoreUnsafe(ref other, column);
            }
        }

        if (place < rows.Length)
        {
            ref ushort row = ref Unsafe.Add(ref origin, (nint)rows[place] * matrix.Stride);
            var weight = Vector256.Create(weights[place]);
            for (nuint column = 0; column < (nuint)end; column += 8)
            {
                Vector256<float> x = Unpack256(ref row, column);
                (Vector256.LoadUnsafe(ref plain, column) + x).StoreUnsafe(ref plain, column);
                Vector256.FusedMultiplyAdd(weight, x, Vector256.LoadUnsafe(ref other, column))
                    .StoreUnsafe(ref other, column);
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Unpack256(ref ushort at, nuint offset)
    {
        Vector128<ushort> cells = Vector128.LoadUnsafe(ref at, offset);
        return Vector256.ShiftLeft(
            Vector256.Create(Vector128.WidenLower(cells), Vector128.WidenUpper(cells)), 16).AsSingle();
    }

    // Of each 32 sums the even ones first, then the odd ones.
    private static void Deal(Span<float> sums)
    {
        Vector512<int> even = Vector512<int>.Indices * 2;
        Vector512<int> odd = even + Vector512<int>.One;
        ref float first = ref MemoryMarshal.GetReference(sums);
        for (nuint column = 0; column < (nuint)sums.Length; column += Line)
        {
            var low = Vector512.LoadUnsafe(ref first, column);
            var high = Vector512.LoadUnsafe(ref first, column + 16);
            Avx512F.PermuteVar16x32x2(low, even, high).StoreUnsafe(ref first, column);
            Avx512F.PermuteVar16x32x2(low, odd, high).StoreUnsafe(ref first, column + 16);
        }
    }

    private static void Gather(Span<float> sums)
    {
        // 0, 16, 1, 17, ...: bit 4 of an index chooses the vector.
        Vector512<int> half = Vector512.ShiftRightLogical(Vector512<int>.Indices, 1);
        Vector512<int> low = half + (Vector512<int>.Indices & Vector512<int>.One) * 16;
        Vector512<int> high = low + Vector512.Create(8);
        ref float first = ref MemoryMarshal.GetReference(sums);
        for (nuint column = 0; column < (nuint)sums.Length; column += Line)
        {
            var even = Vector512.LoadUnsafe(ref first, column);
            var odd = Vector512.LoadUnsafe(ref first, column + 16);
            Avx512F.PermuteVar16x32x2(even, low, odd).StoreUnsafe(ref first, column);
            Avx512F.PermuteVar16x32x2(even, high, odd).StoreUnsafe(ref first, column + 16);
        }
    }

    /// <summary>Both sums of 32 columns, in registers.</summary>
    private ref struct Sums
    {
        private Vector512<float> _even;
        private Vector512<float> _odd;
        private Vector512<float> _weightedEven;
        private Vector512<float> _weightedOdd;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Sums Load(ref float plain, ref float weighted, nuint column) => new()
        {
            _even = Vector512.LoadUnsafe(ref plain, column),
            _odd = Vector512.LoadUnsafe(ref plain, column + 16),
            _weightedEven = Vector512.LoadUnsafe(ref weighted, column),
            _weightedOdd = Vector512.LoadUnsafe(ref weighted, column + 16),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ref ushort row, nuint column, Vector512<float> weight)
        {
            Vector512<uint> cells = Vector512.LoadUnsafe(ref row, column).AsUInt32();
            Vector512<float> even = Vector512.ShiftLeft(cells, 16).AsSingle();
            Vector512<float> odd = (cells & Vector512.Create(0xFFFF0000)).AsSingle();
            _even += even;
            _odd += odd;
            _weightedEven = Vector512.FusedMultiplyAdd(weight, even, _weightedEven);
            _weightedOdd = Vector512.FusedMultiplyAdd(weight, odd, _weightedOdd);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref float plain, ref float weighted, nuint column)
        {
            _even.StoreUnsafe(ref plain, column);
            _odd.StoreUnsafe(ref plain, column + 16);
            _weightedEven.StoreUnsafe(ref weighted, column);
            _weightedOdd.StoreUnsafe(ref weighted, column + 16);
        }
    }
}
