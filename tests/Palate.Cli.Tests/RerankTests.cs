using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>The verbs that ask a model, with the simulated one.</summary>
public sealed class RerankTests
{
    private const string Candidates = """
        {"id":"a","title":"Steel kitchen knife","score":3}
        {"id":"b","title":"Garden hose","score":2.5}
        {"id":"c","title":"Wireless headphones for calls","score":1}
        {"id":"d"}
        not json
        {"id":"a","title":"Twice","score":1}
        """;

    [Theory]
    [InlineData("adaptive")]
    [InlineData("pointwise")]
    [InlineData("rankgpt")]
    [InlineData("setwise-heapsort")]
    [InlineData("first-token")]
    public async Task Candidates_of_a_file_are_reranked_and_bad_lines_are_named(string strategy)
    {
        using var tool = new Tool();
        string file = Write(tool, Candidates);

        (int exit, JsonElement envelope) = await tool.AskAsync(
            "rerank", "--query", "wireless headphones", "--candidates", file, "--strategy", strategy, "--top-k", "1");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement result = envelope.GetProperty("result");
        JsonElement query = Assert.Single(result.GetProperty("queries").EnumerateArray());
        Assert.Equal("full", query.GetProperty("mode").GetString());
        Assert.Equal("simulated", query.GetProperty("usage").GetProperty("model").GetString());
        string[] order = [.. query.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
        Assert.Equal("c", order[0]);
        Assert.Equal(["a", "b", "c"], order.Order());
        string[] leftOut = [.. result.GetProperty("left_out").EnumerateArray().Select(line => line.GetString()!)];
        Assert.Equal(3, leftOut.Length);
        Assert.StartsWith("Line 4", leftOut[0], StringComparison.Ordinal);
        Assert.StartsWith("Line 5", leftOut[1], StringComparison.Ordinal);
        Assert.Contains("'a' was there before", leftOut[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trec_run_is_written_for_whole_queries()
    {
        using var tool = new Tool();
        string file = Write(tool, """
            {"query":{"qid":"q7","text":"red shoes"},"candidates":[{"docid":"x","score":2,"doc":{"contents":"blue hat"}},{"docid":"y","score":1,"doc":{"contents":"red shoes"}}]}
            """);

        (int exit, string output, _) = await tool.RunAsync(
            "rerank", "--candidates", file, "--strategy", "listwise", "--format", "trec");

        Assert.Equal(ExitCode.Ok, exit);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("q7 Q0 y 1 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("q7 Q0 x 2 ", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--strategy", "bubble", "There is no strategy 'bubble'")]
    [InlineData("--model", "large", "There is no model 'large'")]
    [InlineData("--template", "rhyme", "rhyme")]
    [InlineData("--deadline-ms", "-5", "-5")]
    [InlineData("--alpha", "2", "alpha is 2")]
    public async Task A_wrong_value_is_an_error_that_names_it(string option, string value, string expected)
    {
        using var tool = new Tool();
        string file = Write(tool, Candidates);

        (int exit, JsonElement envelope) = await tool.AskAsync("rerank", "--candidates", file, option, value);

        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.Contains(
            expected, envelope.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_time_the_base_order_stands_and_says_so()
    {
        using var tool = new Tool();
        string file = Write(tool, Candidates);

        (_, JsonElement envelope) = await tool.AskAsync("rerank", "--candidates", file, "--deadline-ms", "0");

        JsonElement query = envelope.GetProperty("result").GetProperty("queries")[0];
        Assert.Equal("base", query.GetProperty("mode").GetString());
        Assert.Equal("a", query.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(0, query.GetProperty("usage").GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task A_declared_pipeline_reranks_compares_renders_and_is_on_the_books()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await File.AppendAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), """

            models:
              sim: { provider: simulated }
            pipelines:
              llm: { model: sim, strategy: listwise, candidates: 10, alpha: 0.5 }
            prices:
              simulated: { input: 1, output: 2 }
            """);
        await tool.AskAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        await tool.AskAsync("train");

        (int exit, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm", "--explain");
        JsonElement result = answer.GetProperty("result");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("full", result.GetProperty("mode").GetString());
        Assert.Equal("llm", result.GetProperty("pipeline").GetString());
        Assert.True(result.GetProperty("usage").GetProperty("micro_dollars").GetInt64() > 0);
        Assert.Contains("rerank", result.GetProperty("items")[0].GetProperty("explanation").ToString(), StringComparison.Ordinal);

        (exit, JsonElement rendered) = await tool.AskAsync("prompt", "render", "--pipeline", "llm", "--user", "u0");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("prompt render", rendered.GetProperty("command").GetString());
        Assert.Contains("<candidates>", rendered.GetProperty("result").ToString(), StringComparison.Ordinal);

        (exit, JsonElement cost) = await tool.AskAsync("cost", "--by", "pipeline,model");
        JsonElement row = Assert.Single(cost.GetProperty("result").EnumerateArray());
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("llm", row.GetProperty("pipeline").GetString());
        Assert.Equal(
            result.GetProperty("usage").GetProperty("micro_dollars").GetInt64(),
            (long)Math.Round(row.GetProperty("dollars").GetDecimal() * 1_000_000m));
    }

    [Fact]
    public async Task The_templates_are_listed_and_shown()
    {
        using var tool = new Tool();

        (int exit, JsonElement list) = await tool.AskAsync("prompt", "list");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains(list.GetProperty("result").EnumerateArray(), one => one.GetProperty("name").GetString() == "zero-shot");

        (exit, JsonElement shown) = await tool.AskAsync("prompt", "show", "zero-shot");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("name: zero-shot", shown.GetProperty("result").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    private static string Write(Tool tool, string lines)
    {
        string file = Path.Combine(tool.Folder, "candidates.jsonl");
        File.WriteAllText(file, lines);
        return file;
    }
}
