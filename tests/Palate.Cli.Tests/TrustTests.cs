using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>What a home learns of its models, and what its pipelines make of that.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_model_that_reads_taste_is_trusted_and_followed()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool);

        (int exit, JsonElement trained) = await tool.AskAsync("train", "--trust", "90");
        (_, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");

        Assert.True(exit == ExitCode.Ok, trained.ToString());
        JsonElement lesson = Result(trained).GetProperty("trust")[0];
        Assert.True(lesson.GetProperty("is_written").GetBoolean(), lesson.ToString());
        JsonElement whole = lesson.GetProperty("whole");
        Assert.True(whole.GetProperty("alpha").GetDouble() < 0.6, lesson.ToString());
        Assert.True(whole.GetProperty("gain_interval").GetProperty("low").GetDouble() > 0, lesson.ToString());
        Assert.InRange(
            whole.GetProperty("alpha").GetDouble(),
            whole.GetProperty("alpha_interval").GetProperty("low").GetDouble(),
            whole.GetProperty("alpha_interval").GetProperty("high").GetDouble());
        Assert.True(lesson.GetProperty("calls").GetInt32() >= lesson.GetProperty("judged").GetInt32());
        Assert.True(lesson.GetProperty("prompt_tokens").GetInt64() > 0);
        Assert.Equal("full", Result(answer).GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("random")]
    [InlineData("hostile")]
    [InlineData("stuck")]
    public async Task A_model_that_does_not_help_is_not_followed_and_not_asked(string profile)
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, $"sim: {{ provider: simulated, profile: {profile} }}");

        (_, JsonElement trained) = await tool.AskAsync("train", "--trust", "90");
        (_, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");
        (_, JsonElement plain) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "popularity");

        JsonElement lesson = Result(trained).GetProperty("trust")[0];
        Assert.True(lesson.GetProperty("is_written").GetBoolean(), lesson.ToString());
        Assert.Equal(1, lesson.GetProperty("whole").GetProperty("alpha").GetDouble());
        Assert.Equal("base", Result(answer).GetProperty("mode").GetString());
        string reason = Result(answer).GetProperty("reason").GetString()!;
        Assert.Contains("not asked, and would not be followed", reason, StringComparison.Ordinal);
        Assert.False(Result(answer).TryGetProperty("usage", out _), Result(answer).ToString());
        Assert.Equal(Ids(plain), Ids(answer));
    }

    [Fact]
    public async Task Too_few_requests_prove_nothing_and_write_nothing()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 24);

        (int exit, JsonElement trained) = await tool.AskAsync("train", "--trust", "5");
        (_, JsonElement answer) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "llm");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.False(Result(trained).GetProperty("trust")[0].GetProperty("is_written").GetBoolean());
        Assert.Equal("full", Result(answer).GetProperty("mode").GetString());

        (exit, string table, _) = await tool.RunAsync("train", "--trust", "5");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("alpha [95 %]", table, StringComparison.Ordinal);
        Assert.Contains("nothing was written", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--trust", "0")]
    [InlineData("--trust", "-3")]
    [InlineData("--queries", "")]
    public async Task What_makes_no_sense_is_an_error_of_usage(string first, string second)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);

        (int exit, JsonElement refused) = await tool.AskAsync("train", first, second);

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Equal("usage", refused.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_a_pipeline_there_is_no_trust_to_learn()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));

        (int exit, JsonElement refused) = await tool.AskAsync("train", "--trust", "10");

        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Equal("no_pipeline", refused.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    private static JsonElement Result(JsonElement envelope) => envelope.GetProperty("result");

    private static string?[] Ids(JsonElement envelope) =>
        [.. Result(envelope).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString())];
}
