using System.Text.Json;
using Palate.Simulation;

namespace Palate.Cli.Tests;

/// <summary>What cannot work is said at start, and what comes out of odd input is defined and told.</summary>
public sealed class BadInputTests
{
    private const string Sim = "sim: { provider: simulated }";

    [Theory]
    [InlineData(Sim, "model: sim, strategy: guess", "guess")]
    [InlineData(Sim, "model: sim, template: none", "none")]
    [InlineData(Sim, "model: other", "other")]
    [InlineData(Sim, "model: sim, ask: never", "never")]
    [InlineData(Sim, "model: sim, alpha: 2", "alpha")]
    [InlineData(Sim, "model: sim, candidates: 10000", "10000")]
    [InlineData("sim: { provider: simulated, profile: kind }", "model: sim", "kind")]
    [InlineData("sim: { provider: oracle }", "model: sim", "oracle")]
    [InlineData("sim: { provider: openai, model: g, key: 'env:PALATE_TEST_NO_KEY' }", "model: sim", "PALATE_TEST_NO_KEY")]
    [InlineData("sim: { provider: cohere, model: g, key: 'env:PALATE_TEST_NO_KEY' }", "model: sim", "PALATE_TEST_NO_KEY")]
    [InlineData("sim: { provider: openai, model: g, key: sk-secret }", "model: sim", "env:NAME")]
    [InlineData("sim: { provider: openai, model: g, key: 'env:PATH' }", "model: sim", "price")]
    [InlineData("sim: { provider: jina, model: g, endpoint: 'http://127.0.0.1:1' }", "model: sim", "price")]
    [InlineData("sim: { provider: tei }", "model: sim", "no endpoint")]
    [InlineData("sim: { provider: vllm, endpoint: nowhere }", "model: sim", "models.sim.endpoint is 'nowhere'")]
    public async Task A_setting_that_cannot_work_is_an_error_at_start(string model, string pipeline, string expected)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);
        await File.WriteAllTextAsync(
            Path.Combine(tool.Home, "palate.yaml"), $"models:\n  {model}\npipelines:\n  llm: {{ {pipeline} }}\n");

        (int exit, JsonElement envelope) = await tool.AskAsync("train", "--trust", "10");

        Assert.Equal(ExitCode.BadInput, exit);
        JsonElement error = envelope.GetProperty("errors")[0];
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", envelope.ToString(), StringComparison.Ordinal);
        Assert.NotEqual("internal", error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("compare --pipelines default --users 0", "--users is '0'")]
    [InlineData("compare --pipelines , --users 3", "--pipelines names nothing")]
    [InlineData("compare --pipelines default --top-k 99999999999", "--top-k is '99999999999'")]
    [InlineData("rerank --candidates none --top-k 0", "--top-k is '0'")]
    [InlineData("rerank --candidates none --depth 500", "2 to 200")]
    [InlineData("simulate llm --port 99999", "0 to 65535")]
    [InlineData("evaluate --split ua --metrics ,", "--metrics names nothing")]
    public async Task A_number_or_a_list_that_cannot_be_is_a_usage_error_with_its_limits(string line, string expected)
    {
        using var tool = new Tool();

        (int exit, JsonElement envelope) = await tool.AskAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, exit);
        JsonElement error = envelope.GetProperty("errors")[0];
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_of_one_item_answers_and_has_nothing_to_measure()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        string file = Path.Combine(tool.Folder, "one.csv");
        await File.WriteAllTextAsync(file, "u,i\n1,a\n1,a\n");
        await tool.RunAsync("import", "csv", file, "--map", "user=u,item=i");
        await tool.AskAsync("train");

        (int known, JsonElement own) = await tool.AskAsync("recommend", "--user", "1");
        (int unknown, JsonElement other) = await tool.AskAsync("recommend", "--user", "2");
        (int measured, JsonElement report) = await tool.AskAsync("evaluate", "--protocol", "random");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.BadInput), (known, unknown, measured));
        Assert.Equal(0, own.GetProperty("result").GetProperty("items").GetArrayLength());
        Assert.Equal("a", other.GetProperty("result").GetProperty("items")[0].GetProperty("item_id").GetString());
        Assert.Equal("nothing_to_measure", report.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("tokens: 0", "tokens ran out")]
    [InlineData("tokens: 20", "tokens ran out")]
    [InlineData("deadline_ms: 0", "deadline")]
    public async Task A_budget_of_nothing_or_less_than_a_prompt_leaves_the_base_order(string budget, string reason)
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 24);
        await tool.AskAsync("train");
        string settings = Path.Combine(tool.Home, "palate.yaml");
        string yaml = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, budget.StartsWith("deadline", StringComparison.Ordinal)
            ? yaml.Replace("deadline_ms: 20000", budget, StringComparison.Ordinal)
            : yaml.Replace("dollars: 1,", $"dollars: 1, {budget},", StringComparison.Ordinal));

        (int exit, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");
        (_, JsonElement plain) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "popularity");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement result = answer.GetProperty("result");
        Assert.Equal("base", result.GetProperty("mode").GetString());
        Assert.Contains(reason, result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(Ids(plain.GetProperty("result").GetProperty("items")), Ids(result.GetProperty("items")));
        Assert.True(
            !result.TryGetProperty("usage", out JsonElement usage) || usage.GetProperty("calls").GetInt32() == 0);
    }

    [Fact]
    public async Task No_dollars_for_a_priced_model_send_nothing()
    {
        using var tool = new Tool();
        await using Microsoft.AspNetCore.Builder.WebApplication server = await ModelServer.StartAsync();
        await TasteShop.OpenAsync(
            tool,
            $"sim: {{ provider: openai, model: g, key: \"env:PATH\", endpoint: \"{server.Urls.First()}\" }}",
            "model: sim",
            "prices: { g: { input: 1, output: 1 } }",
            users: 24);
        await tool.AskAsync("train");
        string settings = Path.Combine(tool.Home, "palate.yaml");
        await File.WriteAllTextAsync(
            settings, (await File.ReadAllTextAsync(settings)).Replace("dollars: 1", "dollars: 0", StringComparison.Ordinal));

        (_, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");

        Assert.Equal("base", answer.GetProperty("result").GetProperty("mode").GetString());
        Assert.Contains(
            "money", answer.GetProperty("result").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, SimulationService.BooksOf(server).Finished.Calls);
    }

    [Fact]
    public async Task Without_a_declared_pipeline_everything_is_as_it_was()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        await tool.AskAsync("train");

        (int exit, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("base", answer.GetProperty("result").GetProperty("mode").GetString());
        Assert.Equal("The pipeline has no re-ranker.", answer.GetProperty("result").GetProperty("reason").GetString());
        Assert.False(Directory.Exists(Path.Combine(tool.Home, "trust")));
    }

    [Fact]
    public async Task One_candidate_needs_no_question()
    {
        JsonElement result = await RerankAsync([Line("a", "Red shoes")], "--query", "shoes");

        Assert.Equal(["a"], Names(result));
        Assert.Equal(0, result.GetProperty("usage").GetProperty("calls").GetInt32());
        Assert.False(string.IsNullOrEmpty(result.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("pointwise-batched")]
    [InlineData("listwise")]
    [InlineData("setwise-heapsort")]
    public async Task Identical_candidates_all_come_back(string strategy)
    {
        string[] lines = [.. Enumerable.Range(0, 12).Select(place => Line($"c{place}", "Red shoes", score: 1))];

        JsonElement result = await RerankAsync(lines, "--query", "shoes", "--strategy", strategy);

        Assert.Equal(12, Names(result).Distinct().Count());
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("tourrank")]
    [InlineData("setwise-heapsort")]
    [InlineData("pairwise-all")]
    public async Task Ten_thousand_candidates_come_back_in_time_with_the_best_judged(string strategy)
    {
        string[] lines =
        [
            .. Enumerable.Range(0, 10_000).Select(place => Line(
                $"c{place}", place % 3 == 0 ? $"red shoe {place}" : $"blue hat {place}", score: 10_000 - place)),
        ];

        JsonElement result = await RerankAsync(
            lines, "--query", "red shoe", "--strategy", strategy, "--deadline-ms", "1500", "--depth", "100");

        Assert.Equal(10_000, Names(result).Distinct().Count());
        Assert.Equal(Enumerable.Range(100, 9_900).Select(place => $"c{place}"), Names(result).Skip(100));
        Assert.Contains("9900 candidates behind the best 100", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        float[] scores = [.. result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("score").GetSingle())];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.InRange(result.GetProperty("milliseconds").GetDouble(), 0, 5_000);
    }

    [Fact]
    public async Task A_text_of_ten_megabytes_is_fitted_into_the_prompt()
    {
        string text = string.Concat(Enumerable.Repeat("leather and laces. ", 10 * 1024 * 1024 / 19));

        JsonElement result = await RerankAsync(
            [Line("a", "Blue hat", text: text), Line("b", "Red shoes", text: text), Line("c", "Green tea")], "--query", "red shoes");

        Assert.Equal(["a", "b", "c"], Names(result).Order());
        Assert.Equal("full", result.GetProperty("mode").GetString());
        Assert.InRange(result.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(), 1, 1_000);
    }

    [Fact]
    public async Task A_candidate_without_any_text_is_left_out_and_told()
    {
        using var tool = new Tool();
        string file = await WriteAsync(tool, ["{\"id\":\"a\"}", Line("b", "Red shoes"), Line("c", "Blue hat"), "nonsense"]);

        (int exit, JsonElement envelope) = await tool.AskAsync("rerank", "--candidates", file, "--query", "shoes");
        await File.WriteAllTextAsync(file, "{\"id\":\"a\"}\n");
        (int none, JsonElement refused) = await tool.AskAsync("rerank", "--candidates", file, "--query", "shoes");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement leftOut = envelope.GetProperty("result").GetProperty("left_out");
        Assert.Equal(2, leftOut.GetArrayLength());
        Assert.Contains("Line 1", leftOut[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, none);
        Assert.Equal("no_candidates", refused.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    private static async Task<JsonElement> RerankAsync(string[] lines, params string[] options)
    {
        using var tool = new Tool();
        string file = await WriteAsync(tool, lines);
        (int exit, JsonElement envelope) = await tool.AskAsync(["rerank", "--candidates", file, .. options]);
        Assert.True(exit == ExitCode.Ok, envelope.ToString());
        return envelope.GetProperty("result").GetProperty("queries")[0];
    }

    private static async Task<string> WriteAsync(Tool tool, string[] lines)
    {
        string file = Path.Combine(tool.Folder, "candidates.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return file;
    }

    private static string Line(string id, string title, string? text = null, double? score = null) =>
        JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = id,
            ["title"] = title,
            ["text"] = text ?? "",
            ["score"] = score ?? -id[0],
        });

    private static string[] Names(JsonElement result) =>
        [.. result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    private static string[] Ids(JsonElement items) =>
        [.. items.EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!)];
}
