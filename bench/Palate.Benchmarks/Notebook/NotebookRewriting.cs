using Palate.Llm;

namespace Palate.Benchmarks;

/// <summary>The notebook's rewriting of queries and items, as settings.</summary>
internal static class NotebookRewriting
{
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["bt"] = "bluetooth",
        ["cordless"] = "wireless",
        ["cans"] = "headphones",
        ["sit-stand"] = "standing",
        ["screen"] = "monitor",
        ["display"] = "monitor",
        ["keys"] = "keyboard",
        ["headset"] = "headphones",
    };

    /// <summary>Queries lose stop words, get the catalog's words, and half of the time what usually goes with them.</summary>
    public static QueryRewriter Queries() => new(new RewriteOptions
    {
        StopWords = Stop(),
        Synonyms = Synonyms,
        Expansions =
        [
            new QueryExpansion("monitor", ["4k"]) { Unless = "4k", Chance = 0.5 },
            new QueryExpansion("headphones", ["noise", "cancelling"]) { Unless = "noise", Chance = 0.5 },
        ],
    });

    /// <summary>Items become their title and at most 24 words.</summary>
    public static ItemRewriter Items() => new(new RewriteOptions
    {
        StopWords = Stop(),
        Synonyms = Synonyms,
        ItemWords = 24,
    });

    private static HashSet<string> Stop() =>
        ["the", "a", "an", "and", "or", "to", "for", "with", "of", "in", "on", "at", "is", "are"];
}
