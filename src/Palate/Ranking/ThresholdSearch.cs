using System.Numerics;
using System.Runtime.Intrinsics;

namespace Palate;

/// <summary>Counts how many of up to 254 ascending thresholds a value exceeds; NaN exceeds none.</summary>
/// <remarks>
/// Two steps of 16 comparisons each: every 16th threshold finds the block, the block gives the rest. The blocks are
/// padded with infinity, which nothing exceeds. Costs about ten instructions per value, without a branch.
/// </remarks>
internal sealed unsafe class ThresholdSearch
{
    public const int MaxCount = 254;
    private const int Width = 16;

    // 16 pivots, then the padded thresholds; the pivot of block b is its last threshold.
    private readonly AlignedFloats _table;

    public ThresholdSearch(ReadOnlySpan<float> thresholds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(thresholds.Length, MaxCount, nameof(thresholds));
        int padded = (thresholds.Length + Width) / Width * Width;
        _table = new AlignedFloats(Width + padded);
        Span<float> table = _table.Span;
        table.Fill(float.PositiveInfinity);
        thresholds.CopyTo(table[Width..]);
        for (int block = 0; block < padded / Width; block++)
        {
            table[block] = table[Width + block * Width + Width - 1];
        }
    }

    /// <summary>Writes the count of each value to every <paramref name="stride"/>-th byte.</summary>
    public void Count(ReadOnlySpan<float> values, byte* destination, int stride)
    {
        float* table = _table.Pointer;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> pivots = Vector512.LoadAligned(table);
            foreach (float value in values)
            {
                Vector512<float> x = Vector512.Create(value);
                int block = BitOperations.PopCount(
                    Vector512.GreaterThan(x, pivots).ExtractMostSignificantBits());
                Vector512<float> rest = Vector512.LoadAligned(table + Width + block * Width);
                *destination = (byte)(block * Width + BitOperations.PopCount(
                    Vector512.GreaterThan(x, rest).ExtractMostSignificantBits()));
                destination += stride;
            }
        }
        else
        {
            foreach (float value in values)
            {
                int block = CountOf(value, table);
                *destination = (byte)(block * Width + CountOf(value, table + Width + block * Width));
                destination += stride;
            }
        }

        GC.KeepAlive(this);
    }

    private static int CountOf(float value, float* thresholds)
    {
        Vector256<float> x = Vector256.Create(value);
        uint low = Vector256.GreaterThan(x, Vector256.Load(thresholds)).ExtractMostSignificantBits();
        uint high = Vector256.GreaterThan(x, Vector256.Load(thresholds + 8)).ExtractMostSignificantBits();
        return BitOperations.PopCount(low) + BitOperations.PopCount(high);
    }
}
