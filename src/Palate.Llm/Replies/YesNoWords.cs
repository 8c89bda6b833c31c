using System.Collections.Frozen;

namespace Palate.Llm;

/// <summary>Words for yes and no in the languages in which models answer when they forget the one they were asked in.</summary>
internal static class YesNoWords
{
    private static readonly FrozenDictionary<string, bool> Words = new Dictionary<string, bool>
    {
        ["yes"] = true, ["y"] = true, ["true"] = true, ["ja"] = true, ["oui"] = true, ["sí"] = true, ["si"] = true,
        ["sì"] = true, ["sim"] = true, ["da"] = true, ["да"] = true, ["tak"] = true, ["evet"] = true, ["はい"] = true,
        ["是"] = true, ["是的"] = true, ["예"] = true, ["네"] = true, ["نعم"] = true,
        ["no"] = false, ["n"] = false, ["false"] = false, ["nein"] = false, ["nee"] = false, ["non"] = false,
        ["não"] = false, ["нет"] = false, ["nie"] = false, ["hayır"] = false, ["いいえ"] = false, ["否"] = false,
        ["不"] = false, ["不是"] = false, ["아니요"] = false, ["아니오"] = false, ["لا"] = false,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the word says yes or no; null when neither. White space, quotes and marks around it do not count.</summary>
    public static bool? Find(ReadOnlySpan<char> word)
    {
        word = word.Trim(" \t\r\n\"'`*._,!?:;()[]{}。！▁Ġ");
        return word.Length is > 0 and <= 8 && Lookup.TryGetValue(word, out bool yes) ? yes : null;
    }
}
