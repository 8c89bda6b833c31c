using System.Collections.Concurrent;
using System.Globalization;

namespace Palate.Llm;

/// <summary>The names of candidates in prompts: A1, A2 and so on, or single letters where one token must name them.</summary>
internal static class PromptAliases
{
    /// <summary>Letters A to T: as many as providers report probabilities for.</summary>
    public const int MaxLetters = 20;

    private const int Kept = 1024;

    private static readonly string[] Numbered = [.. Enumerable.Range(0, Kept).Select(Make)];
    private static readonly string[] Letters = [.. Enumerable.Range(0, MaxLetters).Select(i => ((char)('A' + i)).ToString())];
    private static readonly ConcurrentDictionary<int, IReadOnlyList<string>> Lists = [];

    public static string Number(int index) => index < Kept ? Numbered[index] : Make(index);

    /// <summary>The first aliases, in a list that is shared.</summary>
    public static IReadOnlyList<string> First(int count, bool letters) =>
        Shared(count, letters) ?? [.. Enumerable.Range(0, count).Select(Number)];

    /// <summary>The shared list of the first aliases; null where there are too many for one.</summary>
    public static IReadOnlyList<string>? Shared(int count, bool letters) =>
        count > (letters ? MaxLetters : Kept)
            ? null
            : Lists.GetOrAdd(
                letters ? -count : count,
                static key => Array.AsReadOnly(key < 0 ? Letters[..-key] : Numbered[..key]));

    /// <summary>The first aliases in words, short.</summary>
    public static string FirstInWords(int count, bool letters)
    {
        IReadOnlyList<string> aliases = First(count, letters);
        return count <= 4 ? string.Join(", ", aliases) : $"{aliases[0]} to {aliases[count - 1]}";
    }

    private static string Make(int index) => "A" + (index + 1).ToString(CultureInfo.InvariantCulture);
}
