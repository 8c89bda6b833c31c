using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Sums over chosen rows of a matrix of floats, plain and weighted, and inner products of rows with both.</summary>
/// <remarks>For rows of some tens of floats, where a call per row costs more than its arithmetic.</remarks>
internal static class VectorSums
{
    private const int Lanes = 16;

    /// <summary>
    /// sums [width] = the sum over places of data [rows [place], :]; weighted [width] = the same with each row times
    /// weights [place].
    /// </summary>
    /// <param name="data">Row-major; as wide as the sums.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="weights">One per row.</param>
    /// <param name="sums">Receives the plain sums.</param>
    /// <param name="weighted">Receives the weighted sums.</param>
    public static void Add(
        ReadOnlySpan<float> data, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sums, Span<float> weighted)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, rows.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weighted.Length, sums.Length);
        int width = sums.Length;
        int end = Vector512.IsHardwareAccelerated ? width / Lanes * Lanes : 0;
        int column = 0;
        for (; column + 4 * Lanes <= end; column += 4 * Lanes)
        {
            // Four vectors of a row lie side by side, so a row is read once.
            Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, w0 = s0, w1 = s0, w2 = s0, w3 = s0;
            for (int place = 0; place < rows.Length; place++)
            {
                ref float row = ref MemoryMarshal.GetReference(data.Slice(rows[place] * width + column, 4 * Lanes));
                var weight = Vector512.Create(weights[place]);
                var r0 = Vector512.LoadUnsafe(ref row);
                var r1 = Vector512.LoadUnsafe(ref row, Lanes);
                var r2 = Vector512.LoadUnsafe(ref row, 2 * Lanes);
                var r3 = Vector512.LoadUnsafe(ref row, 3 * Lanes);
                s0 += r0;
                s1 += r1;
                s2 += r2;
                s3 += r3;
                w0 = Vector512.FusedMultiplyAdd(r0, weight, w0);
                w1 = Vector512.FusedMultiplyAdd(r1, weight, w1);
                w2 = Vector512.FusedMultiplyAdd(r2, weight, w2);
                w3 = Vector512.FusedMultiplyAdd(r3, weight, w3);
            }

            Store(s0, s1, s2, s3, sums[column..]);
            Store(w0, w1, w2, w3, weighted[column..]);
        }

        for (; column < end; column += Lanes)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            Vector512<float> other = Vector512<float>.Zero;
            for (int place = 0; place < rows.Length; place++)
            {
                Vector512<float> row = Load(data, rows[place] * width + column);
                sum += row;
                other += row * Vector512.Create(weights[place]);
            }

            sum.CopyTo(sums[column..]);
            other.CopyTo(weighted[column..]);
        }

        AddScalar(data, rows, weights, sums, weighted, end);
    }

    /// <summary>The twin of the vector path of <see cref="Add"/>, from a column on.</summary>
    public static void AddScalar(
        ReadOnlySpan<float> data,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sums,
        Span<float> weighted,
        int from)
    {
        sums[from..].Clear();
        weighted[from..].Clear();
        for (int place = 0; from < sums.Length && place < rows.Length; place++)
        {
            ReadOnlySpan<float> row = data.Slice(rows[place] * sums.Length, sums.Length);
            for (int column = from; column < row.Length; column++)
            {
                sums[column] += row[column];
                weighted[column] += row[column] * weights[place];
            }
        }
    }

    /// <summary>The inner products of chosen rows with two vectors.</summary>
    /// <param name="data">Row-major; as wide as the vectors.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="first">A vector.</param>
    /// <param name="second">Another, as long.</param>
    /// <param name="firstProducts">Receives one product per row.</param>
    /// <param name="secondProducts">Receives one product per row.</param>
    public static void Dots(
        ReadOnlySpan<float> data,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        Span<float> firstProducts,
        Span<float> secondProducts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        int width = first.Length;
        int end = Vector512.IsHardwareAccelerated ? width / Lanes * Lanes : 0;
        int place = 0;
        for (; Vector512.IsHardwareAccelerated && place + 4 <= rows.Length; place += 4)
        {
            Vector256<float> eight = DotsOfFour(data, rows[place..], first[..end], second[..end], width);
            eight.GetLower().CopyTo(firstProducts[place..]);
            eight.GetUpper().CopyTo(secondProducts[place..]);
        }

        for (; place < rows.Length; place++)
        {
            Vector512<float> one = Vector512<float>.Zero;
            Vector512<float> two = Vector512<float>.Zero;
            for (int column = 0; column < end; column += Lanes)
            {
                Vector512<float> row = Load(data, rows[place] * width + column);
                one += row * Load(first, column);
                two += row * Load(second, column);
            }

            firstProducts[place] = Vector512.Sum(one);
            secondProducts[place] = Vector512.Sum(two);
        }

        DotsScalar(data, rows, first, second, firstProducts, secondProducts, end);
    }

    /// <summary>The twin of the vector path of <see cref="Dots"/>: adds the products of the columns from one on.</summary>
    public static void DotsScalar(
        ReadOnlySpan<float> data,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        Span<float> firstProducts,
        Span<float> secondProducts,
        int from)
    {
        for (int place = 0; from < first.Length && place < rows.Length; place++)
        {
            ReadOnlySpan<float> row = data.Slice(rows[place] * first.Length, first.Length);
            for (int column = from; column < row.Length; column++)
            {
                firstProducts[place] += row[column] * first[column];
                secondProducts[place] += row[column] * second[column];
            }
        }
    }

    // The products of four rows with the first vector, then with the second; the sums across lanes cost as much for
    // eight as for one.
    private static Vector256<float> DotsOfFour(
        ReadOnlySpan<float> data, ReadOnlySpan<int> rows, ReadOnlySpan<float> first, ReadOnlySpan<float> second, int width)
    {
        ref float r0 = ref MemoryMarshal.GetReference(data.Slice(rows[0] * width, width));
        ref float r1 = ref MemoryMarshal.GetReference(data.Slice(rows[1] * width, width));
        ref float r2 = ref MemoryMarshal.GetReference(data.Slice(rows[2] * width, width));
        ref float r3 = ref MemoryMarshal.GetReference(data.Slice(rows[3] * width, width));
        Vector512<float> a0 = Vector512<float>.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (int column = 0; column < first.Length; column += Lanes)
        {
            Vector512<float> one = Load(first, column);
            Vector512<float> two = Load(second, column);
            var x0 = Vector512.LoadUnsafe(ref r0, (nuint)column);
            var x1 = Vector512.LoadUnsafe(ref r1, (nuint)column);
            var x2 = Vector512.LoadUnsafe(ref r2, (nuint)column);
            var x3 = Vector512.LoadUnsafe(ref r3, (nuint)column);
            a0 = Vector512.FusedMultiplyAdd(x0, one, a0);
            a1 = Vector512.FusedMultiplyAdd(x1, one, a1);
            a2 = Vector512.FusedMultiplyAdd(x2, one, a2);
            a3 = Vector512.FusedMultiplyAdd(x3, one, a3);
            b0 = Vector512.FusedMultiplyAdd(x0, two, b0);
            b1 = Vector512.FusedMultiplyAdd(x1, two, b1);
            b2 = Vector512.FusedMultiplyAdd(x2, two, b2);
            b3 = Vector512.FusedMultiplyAdd(x3, two, b3);
        }

        return VectorScan.SumEach(
            VectorScan.Fold(a0),
            VectorScan.Fold(a1),
            VectorScan.Fold(a2),
            VectorScan.Fold(a3),
            VectorScan.Fold(b0),
            VectorScan.Fold(b1),
            VectorScan.Fold(b2),
            VectorScan.Fold(b3));
    }

    private static void Store(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Span<float> destination)
    {
        a.CopyTo(destination);
        b.CopyTo(destination[Lanes..]);
        c.CopyTo(destination[(2 * Lanes)..]);
        d.CopyTo(destination[(3 * Lanes)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values.Slice(at, Lanes)));
}
