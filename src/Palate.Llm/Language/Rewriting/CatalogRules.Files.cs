using System.Security.Cryptography;
using System.Text;

namespace Palate.Llm;

/// <content>In a file: a tag, the length of the body, its SHA-256, and the body.</content>
public sealed partial class CatalogRules
{
    private const string FileTag = "catalog-rules/1";
    private const int MaxBodyBytes = 1 << 28;

    /// <summary>Writes the rules.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var memory = new MemoryStream();
        using (var body = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            body.Write(_items);
            body.Write(_frequencies.Count);
            foreach ((string word, int count) in _frequencies.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                body.Write(word);
                body.Write(count);
            }

            body.Write(_expansions.Count);
            foreach ((string word, IReadOnlyList<string> more) in _expansions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                body.Write(word);
                body.Write(more.Count);
                foreach (string one in more)
                {
                    body.Write(one);
                }
            }
        }

        ReadOnlySpan<byte> bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        writer.Write(FileTag);
        writer.Write(bytes.Length);
        writer.Write(SHA256.HashData(bytes));
        writer.Write(bytes);
    }

    /// <summary>Reads rules that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static CatalogRules Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            string tag = reader.ReadString();
            int length = reader.ReadInt32();
            if (tag != FileTag || length is < 0 or > MaxBodyBytes)
            {
                throw new InvalidDataException("The file does not hold rules of a catalog that this version reads.");
            }

            byte[] hash = reader.ReadBytes(SHA256.HashSizeInBytes);
            byte[] bytes = reader.ReadBytes(length);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
            {
                throw new InvalidDataException("The rules of a catalog are damaged: their checksum does not fit.");
            }

            using var body = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            return Read(body);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The rules of a catalog are damaged: the file ends early or holds text that is none.", e);
        }
    }

    private static CatalogRules Read(BinaryReader body)
    {
        int items = body.ReadInt32();
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int left = body.ReadInt32(); left > 0; left--)
        {
            frequencies.Add(body.ReadString(), body.ReadInt32());
        }

        var expansions = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (int left = body.ReadInt32(); left > 0; left--)
        {
            string word = body.ReadString();
            var more = new List<string>();
            for (int words = body.ReadInt32(); words > 0; words--)
            {
                more.Add(body.ReadString());
            }

            expansions.Add(word, more);
        }

        return new CatalogRules(expansions, frequencies, items);
    }
}
