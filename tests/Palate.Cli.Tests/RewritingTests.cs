using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>Rewriting as a home declares it.</summary>
public sealed class RewritingTests
{
    [Fact]
    public async Task Declared_synonyms_find_what_the_typed_word_does_not()
    {
        using var tool = new Tool();
        await OpenAsync(tool, "synonyms: { Fiddle: violin }");

        (int exit, JsonElement answer) = await AskAsync(tool, "a fiddle");

        Assert.True(exit == ExitCode.Ok, answer.ToString());
        JsonElement result = answer.GetProperty("result");
        Assert.Equal("violin", result.GetProperty("rewriting").GetProperty("query").GetString());
        Assert.Equal("rules", result.GetProperty("rewriting").GetProperty("by").GetString());
        Assert.All(Titles(result), title => Assert.StartsWith("violin", title, StringComparison.Ordinal));
        Assert.Equal("rewrite", result.GetProperty("timings")[0].GetProperty("stage").GetString());

        (_, string table, _) = await tool.RunAsync("recommend", "--pipeline", "llm", "--query", "a fiddle");
        Assert.Contains("Searched for \"violin\", by rules.", table, StringComparison.Ordinal);
        (_, JsonElement prompt) = await tool.AskAsync("prompt", "render", "--pipeline", "llm", "--query", "a fiddle");
        Assert.Contains("<query>a fiddle\\n(also: violin)</query>", prompt.GetRawText().Replace("\\u003C", "<", StringComparison.Ordinal)
            .Replace("\\u003E", ">", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_catalog_teaches_is_kept_and_made_anew_when_it_is_damaged()
    {
        using var tool = new Tool();
        await OpenAsync(tool, "rules: catalog");

        (_, JsonElement first) = await AskAsync(tool, "kayak");
        string file = Directory.GetFiles(Path.Combine(tool.Home, "rules")).Single();
        Assert.Equal(first.GetProperty("result").GetProperty("generation").GetString(), Path.GetFileNameWithoutExtension(file));
        byte[] whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[..(whole.Length / 2)]);
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "rules", "gone.bin"), "of a generation that is no more");
        (int exit, JsonElement again) = await AskAsync(tool, "kayak");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Titles(first.GetProperty("result")), Titles(again.GetProperty("result")));
        Assert.Equal(whole, await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(tool.Home, "rules")).Single()));
    }

    [Fact]
    public async Task A_model_that_is_gone_leaves_the_rules_and_its_call_is_on_the_books()
    {
        using var tool = new Tool();
        await OpenAsync(
            tool,
            "model: gone, timeout_ms: 4000",
            "gone: { provider: openai-compatible, model: m, endpoint: \"http://127.0.0.1:1\", retries: 0 }");

        (int exit, JsonElement answer) = await AskAsync(tool, "The kayak!");
        (_, JsonElement cost) = await tool.AskAsync("cost", "--by", "purpose");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement rewriting = answer.GetProperty("result").GetProperty("rewriting");
        Assert.Equal("kayak", rewriting.GetProperty("query").GetString());
        Assert.Equal("rules", rewriting.GetProperty("by").GetString());
        Assert.Contains("'gone' could not be asked", rewriting.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("full", answer.GetProperty("result").GetProperty("mode").GetString());
        Assert.Contains("rewrite", cost.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules: some", "rewriting.rules is \"some\"; give none, catalog.")]
    [InlineData("model: nobody", "names the model 'nobody'")]
    [InlineData("model: cross", "language model is needed")]
    [InlineData("model: sim, timeout_ms: 0", "timeout of rewriting is 0")]
    [InlineData("expansions: { word: [] }", "at least one to add")]
    [InlineData("synonym: { a: b }", "synonym")]
    public async Task What_cannot_run_fails_at_start_with_what_to_do(string rewriting, string message)
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(
            tool,
            "sim: { provider: simulated }\n  cross: { provider: tei, endpoint: \"http://127.0.0.1:1\" }",
            users: 24);
        await tool.AskAsync("train");
        string settings = Path.Combine(tool.Home, "palate.yaml");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings))
            .Replace("model: sim }", $"model: sim, rewriting: {{ {rewriting} }} }}", StringComparison.Ordinal));

        (int exit, JsonElement answer) = await AskAsync(tool, "kayak");

        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.Contains(message, answer.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task OpenAsync(Tool tool, string rewriting, string models = "")
    {
        await TasteShop.OpenAsync(
            tool,
            $"sim: {{ provider: simulated, cache_seconds: 0 }}\n  {models}",
            $"model: sim, rewriting: {{ {rewriting} }}",
            users: 24);

        // Queries are searched by the whole generation, not by popularity alone.
        string settings = Path.Combine(tool.Home, "palate.yaml");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings))
            .Replace("base: popularity", "base: default", StringComparison.Ordinal));
        await tool.AskAsync("train");
    }

    private static Task<(int Exit, JsonElement Envelope)> AskAsync(Tool tool, string query) =>
        tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm", "--query", query, "--count", "5");

    private static string[] Titles(JsonElement result) =>
        [.. result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];
}
