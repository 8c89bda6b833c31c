using System.Globalization;
using System.Text;

namespace Palate.Cli.Tests;

/// <summary>
/// A shop of six tastes that the titles tell: every user takes things of one taste. Popularity knows nothing of
/// it, so whoever reads the titles orders better.
/// </summary>
internal static class TasteShop
{
    private const int PerTaste = 10;
    private const int PerUser = 6;

    private static readonly string[] Tastes =
        ["garden", "engine", "violin", "pastry", "kayak", "chess"];

    /// <summary>Writes the shop's files and its home's settings, with a pipeline <c>llm</c> over popularity.</summary>
    /// <param name="tool">Whose home it is.</param>
    /// <param name="models">The models section's content; a simulated one by default.</param>
    /// <param name="pipeline">More settings of the pipeline.</param>
    /// <param name="more">More sections.</param>
    /// <param name="users">How many users there are.</param>
    public static async Task OpenAsync(
        Tool tool,
        string models = "sim: { provider: simulated, cache_seconds: 0 }",
        string pipeline = "model: sim",
        string more = "",
        int users = 96)
    {
        Directory.CreateDirectory(tool.Home);
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), $$"""
            training:
              sources: { ease: null, slim: null, item_neighbours: null, user_neighbours: null, semantic: null }
              ranking: { ranker: none }
            models:
              {{models}}
            pipelines:
              llm: { base: popularity, strategy: pointwise-batched, candidates: 60, deadline_ms: 20000, dollars: 1, {{pipeline}} }
            {{more}}
            """);
        (int exit, System.Text.Json.JsonElement import) = await tool.AskAsync("import", "jsonl", Write(Path.Combine(tool.Folder, "shop"), users));
        Assert.True(exit == ExitCode.Ok, import.ToString());
    }

    private static string Write(string folder, int users)
    {
        Directory.CreateDirectory(folder);
        var items = new StringBuilder();
        for (int item = 0; item < Tastes.Length * PerTaste; item++)
        {
            items.Append(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"i{item}\",\"title\":\"{Tastes[item % Tastes.Length]} thing {item}\"}}\n");
        }

        var interactions = new StringBuilder();
        for (int user = 0; user < users; user++)
        {
            int step = 0;
            foreach (int place in Draw((uint)user + 1).Distinct().Take(PerUser))
            {
                int item = (place * Tastes.Length) + (user % Tastes.Length);
                interactions.Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"user\":\"u{user}\",\"item\":\"i{item}\",\"time\":{1_700_000_000 + (user * 100) + step++}}}\n");
            }
        }

        File.WriteAllText(Path.Combine(folder, "items.jsonl"), items.ToString());
        File.WriteAllText(Path.Combine(folder, "interactions.jsonl"), interactions.ToString());
        return folder;
    }

    /// <summary>Places in a taste without end, small ones more often: some things are popular with everybody.</summary>
    private static IEnumerable<int> Draw(uint state)
    {
        while (true)
        {
            uint first = state = (state * 1664525) + 1013904223;
            uint second = state = (state * 1664525) + 1013904223;
            yield return (int)Math.Min((first >> 16) % PerTaste, (second >> 16) % PerTaste);
        }
    }
}
