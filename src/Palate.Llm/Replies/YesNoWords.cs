using System.Collections.Frozen;

namespace Palate.Llm;

/// <summary>Words for yes and no in the languages in which models answer when they forget the one they were asked in.</summary>
internal static class YesNoWords
{
    private static readonly string[] Yes =
    [
        "yes", "y", "true", "ja", "oui", "sí", "si", "sì", "sim", "da", "да", "tak", "evet", "はい", "是", "是的", "예", "네", "نعم",
    ];

    private static readonly string[] No =
    [
        "no", "n", "false", "nein", "nee", "non", "não", "нет", "nie", "hayır", "いいえ", "否", "不", "不是", "아니요", "아니오", "لا",
    ];

    private static readonly FrozenDictionary<string, bool> Words = Yes.Select(word => (word, Means: true))
        .Concat(No.Select(word => (word, Means: false)))
        .ToFrozenDictionary(pair => pair.word, pair => pair.Means, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the word says yes or no; null when neither. White space, quotes and marks around it do not count.</summary>
    public static bool? Find(ReadOnlySpan<char> word)
    {
        word = word.Trim(" \t\r\n\"'`*._,!?:;()[]{}。！▁Ġ");
        return word.Length is > 0 and <= 8 && Lookup.TryGetValue(word, out bool yes) ? yes : null;
    }
}
