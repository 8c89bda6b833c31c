using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Arrays of numbers in the generation's binary files: a 32-bit length, then the elements, little-endian.</summary>
internal static class BinaryArrays
{
    public static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <exception cref="InvalidDataException">The file ends early or states an impossible length.</exception>
    public static T[] ReadArray<T>(this BinaryReader reader)
        where T : unmanaged
    {
        int length = reader.ReadInt32();
        Stream stream = reader.BaseStream;
        if (length < 0 || (stream.CanSeek && (long)length * Marshal.SizeOf<T>() > stream.Length - stream.Position))
        {
            throw new InvalidDataException($"A model file is damaged: it states an array of {length} elements.");
        }

        T[] values = GC.AllocateUninitializedArray<T>(length);
        try
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("A model file is damaged: it ends before its last array.", e);
        }

        return values;
    }
}
