using System.Numerics.Tensors;

namespace Palate;

/// <summary>One dense vector per item, for example the embedding of its text.</summary>
/// <remarks>Immutable by convention: nobody writes to the data after construction. Safe to read from any thread.</remarks>
public sealed class ItemVectors
{
    /// <summary>Vectors over memory that the caller gives away.</summary>
    /// <param name="dimensions">The length of a vector.</param>
    /// <param name="data">Row-major: the vector of item i is at <c>i * dimensions</c>. Finite.</param>
    /// <exception cref="ArgumentException">A component is NaN or infinite, or the last vector is incomplete.</exception>
    public ItemVectors(int dimensions, float[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (data.Length % dimensions != 0)
        {
            throw new ArgumentException(
                $"{data.Length} numbers are no whole vectors of {dimensions} dimensions.", nameof(data));
        }

        // The sum of the sizes is only finite when all of them are (an overflow is caught by the look at each).
        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(data)))
        {
            for (int cell = 0; cell < data.Length; cell++)
            {
                if (!float.IsFinite(data[cell]))
                {
                    throw new ArgumentException(
                        $"The vector of item {cell / dimensions} holds {data[cell]}; vectors must be finite.", nameof(data));
                }
            }
        }

        Dimensions = dimensions;
        Data = data;
    }

    /// <summary>The length of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>How many items there are.</summary>
    public int Count => Data.Length / Dimensions;

    /// <summary>All vectors one after the other, in item order.</summary>
    public float[] Data { get; }

    /// <summary>The vector of an item.</summary>
    public ReadOnlySpan<float> this[int item] => Data.AsSpan(item * Dimensions, Dimensions);

    /// <summary>Scales a vector to length 1; a zero vector stays zero.</summary>
    /// <returns>Whether the vector has a direction.</returns>
    public static bool Normalise(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (!(norm > 1e-20f))
        {
            vector.Clear();
            return false;
        }

        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }

    /// <summary>Writes the vectors to a generation's file.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Dimensions);
        writer.WriteArray<float>(Data);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static ItemVectors Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            return new ItemVectors(reader.ReadInt32(), reader.ReadArray<float>());
        }
        catch (Exception e) when (e is ArgumentException or EndOfStreamException)
        {
            throw new InvalidDataException("The file of item vectors is damaged: " + e.Message, e);
        }
    }
}
