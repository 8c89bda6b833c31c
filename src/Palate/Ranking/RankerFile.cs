using System.Security.Cryptography;
using System.Text;

namespace Palate;

/// <summary>Rankers in files: a tag that says which kind, the length, a SHA-256 of the body, and the body.</summary>
internal static class RankerFile
{
    private const int MaxNames = 1 << 16;

    /// <summary>Writes a ranker of this library.</summary>
    /// <exception cref="NotSupportedException">The ranker is of a type that this library does not know.</exception>
    public static void Save(IRanker ranker, BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(ranker);
        ArgumentNullException.ThrowIfNull(writer);
        switch (ranker)
        {
            case LambdaMart trees:
                trees.Save(writer);
                break;
            case Linear linear:
                linear.Save(writer);
                break;
            case AverageRanker average:
                average.Save(writer);
                break;
            default:
                throw new NotSupportedException(
                    $"A ranker of type {ranker.GetType().Name} cannot be saved; save it with code of its own.");
        }
    }

    /// <summary>Reads a ranker of any kind that <see cref="Save"/> writes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of an unknown kind.</exception>
    public static IRanker Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        long start = reader.BaseStream.Position;
        string tag = ReadTag(reader);
        reader.BaseStream.Position = start;
        return tag switch
        {
            LambdaMart.FileTag => LambdaMart.Load(reader),
            Linear.FileTag => Linear.Load(reader),
            AverageRanker.FileTag => AverageRanker.Load(reader),
            _ => throw new InvalidDataException($"A ranker of the unknown kind '{tag}' was found; update Palate."),
        };
    }

    internal static void WriteFrame(BinaryWriter writer, string tag, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var memory = new MemoryStream();
        using (var body = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            write(body);
        }

        ReadOnlySpan<byte> bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        writer.WriteArray<byte>(Encoding.ASCII.GetBytes(tag));
        writer.WriteArray<byte>(SHA256.HashData(bytes));
        writer.WriteArray(bytes);
    }

    internal static T ReadFrame<T>(BinaryReader reader, string tag, Func<BinaryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            string found = ReadTag(reader);
            if (found != tag)
            {
                throw new InvalidDataException($"A ranker of the kind '{tag}' was expected and '{found}' was found.");
            }

            byte[] hash = reader.ReadArray<byte>();
            byte[] bytes = reader.ReadArray<byte>();
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
            {
                throw new InvalidDataException(
                    "A ranker's file is damaged: its checksum does not fit; train it again.");
            }

            using var body = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            return read(body);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("A ranker's file is damaged: it ends early or holds text that is none.", e);
        }
    }

    internal static string[] ReadNames(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MaxNames)
        {
            throw new InvalidDataException($"A ranker's file is damaged: it states {count} features.");
        }

        string[] names = new string[count];
        for (int name = 0; name < count; name++)
        {
            names[name] = reader.ReadString();
        }

        return names;
    }

    private static string ReadTag(BinaryReader reader)
    {
        try
        {
            return Encoding.ASCII.GetString(reader.ReadArray<byte>());
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("A ranker's file is empty or ends before its tag.", e);
        }
    }
}
