using System.Text;

namespace Palate;

/// <summary>The terms of a collection of texts and their dense numbers, in order of first appearance.</summary>
/// <remarks>Adding is not thread-safe; a vocabulary that is no longer added to can be read from any thread.</remarks>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly List<string> _terms = [];

    public Vocabulary() => _bySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _terms.Count;

    public string this[int number] => _terms[number];

    /// <summary>The number of a term, which gets the next one when it is new.</summary>
    public int Add(ReadOnlySpan<char> term)
    {
        if (!_bySpan.TryGetValue(term, out int number))
        {
            number = _terms.Count;
            string text = term.ToString();
            _numbers.Add(text, number);
            _terms.Add(text);
        }

        return number;
    }

    /// <summary>The number of a term, or -1.</summary>
    public int IndexOf(ReadOnlySpan<char> term) => _bySpan.TryGetValue(term, out int number) ? number : -1;

    // One block of text with a line per term: terms hold letters and digits only.
    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.WriteArray<byte>(Encoding.UTF8.GetBytes(string.Join('\n', _terms)));
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Vocabulary Load(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        var vocabulary = new Vocabulary();
        string text = Encoding.UTF8.GetString(reader.ReadArray<byte>());
        if (text.Length > 0)
        {
            foreach (Range line in text.AsSpan().Split('\n'))
            {
                vocabulary.Add(text.AsSpan()[line]);
            }
        }

        return vocabulary.Count == count
            ? vocabulary
            : throw new InvalidDataException(
                $"A model file is damaged: it states {count} terms and holds {vocabulary.Count}.");
    }
}
