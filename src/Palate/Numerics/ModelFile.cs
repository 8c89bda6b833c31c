namespace Palate;

/// <summary>The checks that every model file gets when it is read, so that damage is named and not served.</summary>
internal static class ModelFile
{
    /// <summary>Reads the four bytes that say which model follows.</summary>
    /// <exception cref="InvalidDataException">Another model, or no model, follows.</exception>
    public static void ReadMagic(BinaryReader reader, int expected, string model)
    {
        int found = ReadInt32(reader, model);
        Check(found == expected, model, $"it starts with {found:x8} and not with {expected:x8}");
    }

    /// <summary>Reads a number.</summary>
    /// <exception cref="InvalidDataException">The file ends.</exception>
    public static int ReadInt32(BinaryReader reader, string model)
    {
        try
        {
            return reader.ReadInt32();
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The model file of '{model}' is damaged: it ends early.", e);
        }
    }

    /// <summary>Reads a count or an index, which is never negative.</summary>
    /// <exception cref="InvalidDataException">The file ends or the number is negative.</exception>
    public static int ReadCount(BinaryReader reader, string model)
    {
        int count = ReadInt32(reader, model);
        Check(count >= 0, model, $"it states a count of {count}");
        return count;
    }

    /// <summary>Reads a finite number.</summary>
    /// <exception cref="InvalidDataException">The file ends or the number is not finite.</exception>
    public static float ReadSingle(BinaryReader reader, string model)
    {
        float value = BitConverter.Int32BitsToSingle(ReadInt32(reader, model));
        Check(float.IsFinite(value), model, $"it holds the number {value}");
        return value;
    }

    /// <summary>Reads an array of finite numbers.</summary>
    /// <exception cref="InvalidDataException">The file ends or a number is not finite.</exception>
    public static float[] ReadFinite(BinaryReader reader, string model)
    {
        float[] values = ReadArray<float>(reader, model);
        foreach (float value in values)
        {
            Check(float.IsFinite(value), model, $"it holds the number {value}");
        }

        return values;
    }

    /// <summary>Reads an array of any numbers.</summary>
    /// <exception cref="InvalidDataException">The file ends early.</exception>
    public static T[] ReadArray<T>(BinaryReader reader, string model)
        where T : unmanaged
    {
        try
        {
            return reader.ReadArray<T>();
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The model file of '{model}' is damaged: it ends early.", e);
        }
    }

    /// <summary>Refuses a file for a reason.</summary>
    /// <exception cref="InvalidDataException">The condition does not hold.</exception>
    public static void Check(bool holds, string model, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(
                $"The model file of '{model}' is damaged: {otherwise}. Train a new generation or roll back.");
        }
    }
}
