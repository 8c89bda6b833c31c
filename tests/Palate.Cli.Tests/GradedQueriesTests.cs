using System.Globalization;
using System.Text.Json;
using Palate.Hosting;

namespace Palate.Cli.Tests;

/// <summary>Queries with known grades: what is read of a file, and what is learned from them.</summary>
public sealed class GradedQueriesTests
{
    private static readonly string[] Tastes = ["garden", "engine", "violin", "pastry", "kayak", "chess"];

    [Fact]
    public void A_line_is_a_query_with_its_user_and_what_items_are_worth()
    {
        var bad = new List<string>();
        IReadOnlyList<GradedRequest> queries = QueryFile.Read(
            new StringReader("""
                {"query":"wool socks","user":"u7","grades":{"i12":3,"i40":1,"i5":0}}

                {"query":"tea","grades":{"i1":1}}
                """),
            bad);

        Assert.Empty(bad);
        Assert.Equal(["wool socks", "tea"], queries.Select(query => query.Request.Query));
        Assert.Equal(["u7", null], queries.Select(query => query.Request.UserId));
        Assert.True(queries[0].Request.IncludeSeen);
        Assert.Equal(new Dictionary<string, int> { ["i12"] = 3, ["i40"] = 1 }, queries[0].Grades);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"grades":{"i1":1}}""")]
    [InlineData("""{"query":" ","grades":{"i1":1}}""")]
    [InlineData("""{"query":7,"grades":{"i1":1}}""")]
    [InlineData("""{"query":"tea"}""")]
    [InlineData("""{"query":"tea","grades":["i1"]}""")]
    [InlineData("""{"query":"tea","grades":{"i1":"3"}}""")]
    [InlineData("""{"query":"tea","grades":{"i1":1.5}}""")]
    [InlineData("""{"query":"tea","grades":{"i1":-1}}""")]
    [InlineData("""{"query":"tea","grades":{"i1":0}}""")]
    [InlineData("""{"query":"tea","user":3,"grades":{"i1":1}}""")]
    public void A_line_that_cannot_be_read_is_left_out_with_its_place(string line)
    {
        var bad = new List<string>();
        IReadOnlyList<GradedRequest> queries = QueryFile.Read(
            new StringReader(line + "\n{\"query\":\"tea\",\"grades\":{\"i1\":1}}\n"), bad);

        Assert.Single(queries);
        Assert.StartsWith("Line 1 was left out: ", Assert.Single(bad), StringComparison.Ordinal);
    }

    [Fact]
    public void About_half_of_the_queries_teach_whatever_their_order()
    {
        GradedRequest[] queries =
        [
            .. Enumerable.Range(0, 400).Select(number => new GradedRequest(
                new RecommendRequest { Query = $"thing {number}" }, new Dictionary<string, int> { ["i1"] = 1 })),
        ];

        Assert.InRange(queries.Count(TrustTrainer.IsLearned), 160, 240);
        Assert.Equal(
            queries.Select(TrustTrainer.IsLearned),
            queries.Reverse().Select(TrustTrainer.IsLearned).Reverse());
    }

    [Fact]
    public async Task Trust_in_requests_with_a_query_is_learned_on_one_half_and_reported_on_the_other()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool);
        string file = Path.Combine(tool.Folder, "queries.jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 240).Select(Line));

        (int exit, JsonElement trained) = await tool.AskAsync("train", "--trust", "90", "--queries", file);
        (_, JsonElement compared) = await tool.AskAsync(
            "compare", "--pipelines", "popularity,llm", "--queries", file, "--unlearned", "--users", "40");

        Assert.True(exit == ExitCode.Ok, trained.ToString());
        JsonElement lesson = trained.GetProperty("result").GetProperty("trust")[0];
        JsonElement segment = lesson.GetProperty("segments").GetProperty("warm-query");
        Assert.True(segment.GetProperty("alpha").GetDouble() < .6, lesson.ToString());
        JsonElement reported = lesson.GetProperty("reported");
        Assert.Equal(240, segment.GetProperty("requests").GetInt32() + reported.GetProperty("requests").GetInt32());
        Assert.InRange(reported.GetProperty("requests").GetInt32(), 90, 150);
        Assert.True(reported.GetProperty("gain_interval").GetProperty("low").GetDouble() > 0, lesson.ToString());
        JsonElement result = compared.GetProperty("result");
        Assert.Equal(40, result.GetProperty("requests").GetInt32());
        Assert.True(result.GetProperty("rows")[1].GetProperty("gain").GetDouble() > 0, result.ToString());
    }

    [Fact]
    public async Task A_file_without_a_query_is_bad_input()
    {
        using var tool = new Tool();
        await TasteShop.OpenAsync(tool, users: 24);
        string file = Path.Combine(tool.Folder, "queries.jsonl");
        await File.WriteAllTextAsync(file, "{}\n");

        (int exit, JsonElement refused) = await tool.AskAsync("train", "--trust", "5", "--queries", file);
        (int foreign, JsonElement none) = await tool.AskAsync("train", "--trust", "5", "--queries");

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (exit, foreign));
        Assert.Equal("no_queries", refused.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains("Line 1", refused.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("no_queries", none.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    // Whoever types a taste wants its things.
    private static string Line(int number)
    {
        int taste = number % Tastes.Length;
        string grades = string.Join(',', Enumerable.Range(0, 10).Select(place => string.Create(
            CultureInfo.InvariantCulture, $"\"i{(place * Tastes.Length) + taste}\":3")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"query\":\"{Tastes[taste]} gift {number}\",\"user\":\"u{number % 96}\",\"grades\":{{{grades}}}}}");
    }
}
