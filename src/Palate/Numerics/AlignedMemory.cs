using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Zeroed arrays that start on a cache line and never move.</summary>
/// <remarks>
/// A 64-byte load from an array that starts anywhere touches two cache lines; in the kernels of ALS, which stream rows
/// of a few lines, that costs a quarter of the time. The garbage collector frees the memory as any other.
/// </remarks>
internal static unsafe class AlignedMemory
{
    private const int Line = 64;

    public static Memory<float> Allocate(int length)
    {
        float[] array = GC.AllocateArray<float>(length + Line / sizeof(float), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int skip = (int)((Line - address % Line) % Line / sizeof(float));
        return array.AsMemory(skip, length);
    }

    /// <summary>An aligned copy, with zeros after the values.</summary>
    public static Memory<float> Copy(ReadOnlySpan<float> values, int length)
    {
        Memory<float> copy = Allocate(length);
        values.CopyTo(copy.Span);
        return copy;
    }
}
