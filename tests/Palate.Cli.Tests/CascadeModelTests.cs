using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Palate.Simulation;

namespace Palate.Cli.Tests;

/// <summary>Rerank interfaces and students as tiers of a declared pipeline.</summary>
public sealed class CascadeModelTests
{
    [Theory]
    [InlineData("tei")]
    [InlineData("jina")]
    [InlineData("cohere")]
    [InlineData("vllm-rerank")]
    public async Task A_rerank_interface_can_be_the_model_of_a_pipeline(string provider)
    {
        using var tool = new Tool();
        await using WebApplication server = await ModelServer.StartAsync();
        await TasteShop.OpenAsync(
            tool,
            $"cross: {{ provider: {provider}, model: cross-1, endpoint: \"{server.Urls.First()}\" }}",
            "model: cross",
            "prices: { cross-1: { input: 1, search_unit: 2 } }",
            users: 24);
        await tool.AskAsync("train");

        (int exit, JsonElement answer) = await tool.AskAsync(
            "recommend", "--user", "u0", "--pipeline", "llm", "--query", "kayak", "--explain");

        Assert.True(exit == ExitCode.Ok, answer.ToString());
        JsonElement result = answer.GetProperty("result");
        Assert.Equal("full", result.GetProperty("mode").GetString());
        Assert.Contains("The model 'cross' scored", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("kayak", Title(result), StringComparison.Ordinal);
        Assert.Equal(1, result.GetProperty("usage").GetProperty("calls").GetInt32());
        Assert.True(result.GetProperty("usage").GetProperty("micro_dollars").GetInt64() > 0);
        SimulationTotals books = SimulationService.BooksOf(server).Finished;
        Assert.True(books.Calls >= 1);
        (_, JsonElement cost) = await tool.AskAsync("cost");
        Assert.Contains("cross-1", cost.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_for_a_language_model_that_is_gone_and_goes_by_the_history()
    {
        using var tool = new Tool();
        await using WebApplication server = await ModelServer.StartAsync();
        await TasteShop.OpenAsync(
            tool,
            $$"""
            gone: { provider: openai-compatible, model: m, endpoint: "http://127.0.0.1:1", retries: 0 }
              cross: { provider: tei, endpoint: "{{server.Urls.First()}}" }
            """,
            "model: gone, cascade: [cross], alpha: 0.2",
            users: 24);
        await tool.AskAsync("train");

        (_, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm", "--count", "3");

        JsonElement result = answer.GetProperty("result");
        Assert.Equal("cascade:cross", result.GetProperty("mode").GetString());
        Assert.Contains("gone: The model gave no judgment", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("garden", Title(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("hang")]
    [InlineData("garbage")]
    public async Task A_rerank_interface_that_fails_leaves_the_base_order_in_time(string fault)
    {
        using var tool = new Tool();
        await using WebApplication server = await ModelServer.StartAsync(fault);
        await TasteShop.OpenAsync(
            tool,
            $"cross: {{ provider: tei, endpoint: \"{server.Urls.First()}\" }}",
            "model: cross, call_timeout_ms: 400",
            users: 24);
        await tool.AskAsync("train");

        (int exit, JsonElement answer) = await tool.AskAsync(
            "recommend", "--user", "u0", "--pipeline", "llm", "--deadline-ms", "60000");
        (_, JsonElement plain) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "popularity");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement result = answer.GetProperty("result");
        Assert.Equal("base", result.GetProperty("mode").GetString());
        Assert.Contains("cross", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, result.GetProperty("usage").GetProperty("failures").GetInt32());
        Assert.Equal(Title(plain.GetProperty("result")), Title(result));
    }

    [Fact]
    public async Task A_student_that_agrees_stands_in_for_its_teacher()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 300);

        (_, JsonElement trained) = await tool.AskAsync("train", "--trust", "290", "--distil");
        (_, JsonElement first) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");

        // The teacher is out of tokens from now on.
        string settings = Path.Combine(tool.Home, "palate.yaml");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings))
            .Replace("dollars: 1,", "dollars: 1, tokens: 0,", StringComparison.Ordinal));
        (_, JsonElement second) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm", "--count", "4");

        JsonElement student = trained.GetProperty("result").GetProperty("trust")[0].GetProperty("student");
        Assert.True(student.GetProperty("is_written").GetBoolean(), student.ToString());
        Assert.Equal("full", first.GetProperty("result").GetProperty("mode").GetString());
        JsonElement result = second.GetProperty("result");
        Assert.True(result.GetProperty("mode").GetString() == "cascade:student", $"{student} {result.GetProperty("reason")}");
        Assert.Contains("garden", Title(result), StringComparison.Ordinal);
        Assert.Equal(0, result.GetProperty("usage").GetProperty("calls").GetInt32());
    }

    private static string Title(JsonElement result) =>
        result.GetProperty("items")[0].GetProperty("title").GetString()!;
}
