namespace Palate;

/// <summary>Floats that start at a cache line and never move, for kernels that work on pointers.</summary>
/// <remarks>The memory lives as long as the object: keep a reference to it while its pointer is in use.</remarks>
internal sealed unsafe class AlignedFloats
{
    private const int Line = 64;
    private readonly float[] _memory;

    public AlignedFloats(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<float>(length + Line / sizeof(float), pinned: true);
        nuint start = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_memory));
        Pointer = (float*)((start + Line - 1) & ~(nuint)(Line - 1));
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Length);
}
