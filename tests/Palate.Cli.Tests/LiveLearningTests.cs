using System.Text;
using System.Text.Json;
using Palate.Hosting;
using Palate.Storage;

namespace Palate.Cli.Tests;

/// <summary>What a serving home keeps of its requests, and what is learned from that.</summary>
public sealed class LiveLearningTests
{
    private const int Users = 96;

    [Fact]
    public async Task Requests_that_were_served_teach_a_student_that_stands_in_for_its_teacher()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: Users);
        await tool.AskAsync("train");
        await ServeAsync(tool, Users);

        (int exit, JsonElement trained) = await tool.AskAsync("train", "--distil");

        Assert.True(exit == ExitCode.Ok, trained.ToString());
        JsonElement lesson = trained.GetProperty("result").GetProperty("students")[0];
        Assert.Equal("llm", lesson.GetProperty("pipeline").GetString());
        JsonElement student = lesson.GetProperty("student");
        Assert.True(student.GetProperty("is_written").GetBoolean(), student.ToString());
        Assert.Equal(
            Users, student.GetProperty("requests").GetInt32() + student.GetProperty("compared").GetInt32());
        (_, string table, _) = await tool.RunAsync("train", "--distil");
        Assert.Contains("llm, student of sim: taught by", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_trust_both_kinds_of_judgments_teach()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: Users);
        await tool.AskAsync("train");
        await ServeAsync(tool, 40);

        (_, JsonElement trained) = await tool.AskAsync("train", "--trust", "90", "--distil");

        JsonElement lesson = trained.GetProperty("result").GetProperty("trust")[0];
        JsonElement student = lesson.GetProperty("student");
        Assert.True(
            student.GetProperty("requests").GetInt32() + student.GetProperty("compared").GetInt32()
            > lesson.GetProperty("judged").GetInt32(),
            lesson.ToString());
    }

    [Fact]
    public async Task Nothing_that_a_user_typed_or_is_named_is_kept()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 24);
        await tool.AskAsync("train");
        await ServeAsync(tool, 3, request => request with { Query = "xylophonequery kayak" });

        byte[] database = [.. Directory.GetFiles(tool.Home, "palate.db*").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];

        using SqliteStore store = Home.Open(tool.Home).OpenStore();
        Assert.Equal(3, store.Judgments("llm", "sim").Count);
        Assert.Equal(-1, database.AsSpan().IndexOf(Encoding.UTF8.GetBytes("xylophonequery")));
    }

    [Theory]
    [InlineData("record: 0", true, 0)]
    [InlineData("record: 5", true, 5)]
    [InlineData("record: 5", false, 0)]
    public async Task How_many_are_kept_is_declared_and_only_a_service_keeps_any(string setting, bool isLive, int kept)
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, pipeline: "model: sim, " + setting, users: 24);
        await tool.AskAsync("train");
        await ServeAsync(tool, 9, isLive: isLive);

        using (SqliteStore store = Home.Open(tool.Home).OpenStore())
        {
            Assert.Equal(kept, store.Judgments("llm", "sim").Count);
        }

        (int exit, JsonElement trained) = await tool.AskAsync("train", "--distil");
        Assert.Equal(ExitCode.Ok, exit);
        JsonElement student = trained.GetProperty("result").GetProperty("students")[0].GetProperty("student");
        Assert.False(student.GetProperty("is_written").GetBoolean());
        Assert.Contains("10 are needed", student.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_out_of_its_limits_is_refused_at_start()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, pipeline: "model: sim, record: -1", users: 24);

        (int exit, JsonElement refused) = await tool.AskAsync("train", "--distil");

        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.Contains("record is -1", refused.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task ServeAsync(
        Tool tool, int users, Func<RecommendRequest, RecommendRequest>? change = null, bool isLive = true)
    {
        Home home = Home.Open(tool.Home);
        using var pipelines = HomePipelines.Open(home, TimeProvider.System, ToolProviders.All, isLive);
        var recommender = new Recommender(
            new GenerationStore(home.GenerationsFolder).LoadCurrent(), TimeProvider.System, pipelines.Definitions);
        for (int user = 0; user < users; user++)
        {
            var request = new RecommendRequest { UserId = $"u{user}", Pipeline = "llm" };
            Recommendation answer = await recommender.RecommendAsync(change?.Invoke(request) ?? request);
            Assert.True(answer.Mode.IsJudged, answer.Reason);
        }
    }
}
