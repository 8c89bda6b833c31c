using System.Collections.Concurrent;
using System.Globalization;

namespace Palate.Llm;

/// <summary>Finds the candidate that a word of a reply names.</summary>
internal sealed class AliasTable
{
    /// <summary>No candidate.</summary>
    public const int None = -1;

    /// <summary>Has the form of an alias, and was not shown.</summary>
    public const int Foreign = -2;

    private static readonly System.Buffers.SearchValues<char> Words =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ");

    // By the number of aliases; below zero of letters.
    private static readonly ConcurrentDictionary<int, AliasTable> Known = [];

    private readonly Dictionary<string, int> _places = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<int, int> _numbers = [];
    private readonly string _prefix = "";
    private readonly bool _numbered;

    public AliasTable(IReadOnlyList<string> aliases)
    {
        Count = aliases.Count;
        AreLetters = true;
        for (int place = 0; place < aliases.Count; place++)
        {
            string alias = aliases[place];
            AreLetters &= alias.Length == 1 && char.IsAsciiLetter(alias[0]);
            _places.TryAdd(alias, place);
            int digits = alias.AsSpan().IndexOfAnyInRange('0', '9');
            if (digits >= 0 && int.TryParse(alias.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                _prefix = alias[..digits];
                _numbered = true;
                _numbers.TryAdd(number, place);
            }
        }

        _lookup = _places.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The table of a prompt's aliases; those of the shared lists are made once.</summary>
    public static AliasTable Of(IReadOnlyList<string> aliases)
    {
        bool areLetters = aliases is [{ Length: 1 }, ..];
        return ReferenceEquals(aliases, PromptAliases.Shared(aliases.Count, areLetters))
            ? Known.GetOrAdd(
                areLetters ? -aliases.Count : aliases.Count, static (_, shared) => new AliasTable(shared), aliases)
            : new AliasTable(aliases);
    }

    public int Count { get; }

    /// <summary>Whether candidates are named by single letters, which are also words.</summary>
    public bool AreLetters { get; }

    /// <summary>The place of the candidate that the word names exactly, <see cref="Foreign"/> or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty || word.Length > 24)
        {
            return None;
        }

        if (_lookup.TryGetValue(word, out int place))
        {
            return place;
        }

        if (_numbered && word.Length > _prefix.Length && word.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase) &&
            !word[_prefix.Length..].ContainsAnyExceptInRange('0', '9'))
        {
            // A01 is A1.
            return _prefix.Length == 0 ? FindNumber(word)
                : int.TryParse(word[_prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) &&
                  word[_prefix.Length] == '0' && _numbers.TryGetValue(number, out place) ? place
                : Foreign;
        }

        return AreLetters && word.Length == 1 && char.IsAsciiLetterUpper(word[0]) ? Foreign : None;
    }

    /// <summary>The place of the candidate whose alias ends with this number.</summary>
    public int FindNumber(ReadOnlySpan<char> digits) =>
        !_numbered || digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') ? None
        : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) &&
          _numbers.TryGetValue(number, out int place) ? place
        : Foreign;

    /// <summary>The candidate that a value of a JSON reply names: "A1", "[A1]", "#1", "Candidate A1".</summary>
    public int FindLoosely(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> word = value.Trim(" \t\r\n[](){}\"'`#*.:");
        int place = Find(word);
        if (place != None || word.Length > 40)
        {
            return place;
        }

        int space = word.LastIndexOfAny(' ', '_', '-');
        // Nothing but a word such as "candidate" may stand before it: "A2 > A1" is a list.
        return space < 0 || word[..space].ContainsAnyExcept(Words) ? None : Find(word[(space + 1)..].Trim("[]()#"));
    }
}
