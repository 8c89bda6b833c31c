using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palate;

/// <summary>A matrix of 16-bit floats whose rows start on cache lines.</summary>
/// <remarks>
/// A cell is the upper half of a float (bfloat16): eight bits of precision, the range of a float, and half of the memory
/// traffic. Row r is at <c>r * Stride</c>; what is beyond <see cref="Width"/> is 0. Immutable after construction.
/// </remarks>
internal sealed class PackedMatrix
{
    /// <summary>Rows are padded to a multiple of this many cells: one cache line.</summary>
    public const int Line = 32;

    private readonly Memory<ushort> _cells;

    private PackedMatrix(int rows, int width)
    {
        Rows = rows;
        Width = width;
        Stride = (width + Line - 1) / Line * Line;
        _cells = Allocate(checked(rows * Stride));
    }

    public int Rows { get; }

    public int Width { get; }

    /// <summary>The distance between two rows, in cells.</summary>
    public int Stride { get; }

    public ReadOnlySpan<ushort> Cells => _cells.Span;

    /// <summary>The float at a place.</summary>
    public float this[int row, int column] => Unpack(_cells.Span[row * Stride + column]);

    /// <summary>The nearest 16-bit floats, ties to even.</summary>
    /// <param name="values">Row-major, without padding.</param>
    /// <param name="width">The row length.</param>
    public static PackedMatrix Of(ReadOnlySpan<float> values, int width)
    {
        var matrix = new PackedMatrix(width == 0 ? 0 : values.Length / width, width);
        for (int row = 0; row < matrix.Rows; row++)
        {
            Span<ushort> target = matrix._cells.Span.Slice(row * matrix.Stride, width);
            for (int column = 0; column < width; column++)
            {
                target[column] = Pack(values[row * width + column]);
            }
        }

        return matrix;
    }

    /// <summary>The matrix of cells that <see cref="ToArray"/> gave.</summary>
    public static PackedMatrix OfCells(ReadOnlySpan<ushort> cells, int width)
    {
        var matrix = new PackedMatrix(width == 0 ? 0 : cells.Length / width, width);
        for (int row = 0; row < matrix.Rows; row++)
        {
            cells.Slice(row * width, width).CopyTo(matrix._cells.Span[(row * matrix.Stride)..]);
        }

        return matrix;
    }

    /// <summary>The cells, row-major, without padding.</summary>
    public ushort[] ToArray()
    {
        ushort[] cells = new ushort[Rows * Width];
        for (int row = 0; row < Rows; row++)
        {
            _cells.Span.Slice(row * Stride, Width).CopyTo(cells.AsSpan(row * Width));
        }

        return cells;
    }

    /// <summary>The float that a cell stands for.</summary>
    public static float Unpack(ushort cell) => BitConverter.UInt32BitsToSingle((uint)cell << 16);

    private static ushort Pack(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static unsafe Memory<ushort> Allocate(int length)
    {
        ushort[] array = GC.AllocateArray<ushort>(length + Line, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        const int LineBytes = Line * sizeof(ushort);
        int skip = (int)((LineBytes - address % LineBytes) % LineBytes / sizeof(ushort));
        return array.AsMemory(skip, length);
    }
}
