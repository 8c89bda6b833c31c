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
        for (int column = 0; column < end; column += Lanes)
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
        for (int place = 0; place < rows.Length; place++)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values.Slice(at, Lanes)));
}
