using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>The tool used as its user would: from a file to an answer over HTTP.</summary>
public sealed class WholeWayTests
{
    [Fact]
    public async Task From_a_file_to_answers_and_back()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        string data = SmallShop.Write(Path.Combine(tool.Folder, "shop"));

        (int exit, JsonElement import) = await tool.AskAsync("import", "jsonl", data);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(SmallShop.Items, Result(import).GetProperty("items").GetInt32());
        Assert.Equal(400, Result(import).GetProperty("interactions").GetInt32());

        (exit, JsonElement first) = await tool.AskAsync("train", "--seed", "7");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(7, Result(first).GetProperty("seed").GetInt32());
        (_, JsonElement second) = await tool.AskAsync("train", "--seed", "8");

        (exit, JsonElement answer) = await tool.AskAsync(
            "recommend", "--user", "u0", "--count", "5", "--explain", "--exclude", "38");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Name(second), Result(answer).GetProperty("generation").GetString());
        Assert.Equal(5, Result(answer).GetProperty("items").GetArrayLength());
        int[] ids = [.. Result(answer).GetProperty("items").EnumerateArray().Select(item =>
            int.Parse(item.GetProperty("item_id").GetString()!, CultureInfo.InvariantCulture))];
        Assert.True(ids.Count(id => id % 2 == 0) >= 4, $"An even user was recommended {string.Join(", ", ids)}.");
        Assert.All(ids, id => Assert.False(id is 38 or (< 20 and >= 0) && id % 2 == 0, $"{id} was seen or excluded."));
        Assert.True(Result(answer).GetProperty("items")[0].TryGetProperty("explanation", out _));

        (exit, string table, _) = await tool.RunAsync(
            "recommend", "--user", "u0", "--require", "kind=odd", "--count", "2");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("of odd", table, StringComparison.Ordinal);
        Assert.DoesNotContain("of even", table, StringComparison.Ordinal);

        (exit, JsonElement rollback) = await tool.AskAsync("rollback");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Name(first), Name(rollback));
        (exit, JsonElement none) = await tool.AskAsync("rollback");
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Equal("error", none.GetProperty("status").GetString());

        (exit, JsonElement missing) = await tool.AskAsync("recommend", "--user", "u0", "--pipeline", "nope");
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Contains("nope", Message(missing), StringComparison.Ordinal);

        await DamageAsync(tool, Name(first));
    }

    [Fact]
    public async Task An_evaluation_has_stages_with_metrics_and_a_page()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        string page = Path.Combine(tool.Folder, "report.html");

        (int exit, JsonElement report) = await tool.AskAsync("evaluate", "--protocol", "random", "--html", page);
        (int without, JsonElement unknown) = await tool.AskAsync("evaluate", "--split", "ua");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement[] stages = [.. Result(report).GetProperty("stages").EnumerateArray()];
        Assert.Equal(
            ["retrieval", "default"], stages.TakeLast(2).Select(stage => stage.GetProperty("name").GetString()));
        Assert.All(
            stages, stage => Assert.InRange(stage.GetProperty("metrics").GetProperty("ndcg@10").GetDouble(), 0, 1));
        Assert.InRange(stages[^1].GetProperty("metrics").GetProperty("ndcg@10").GetDouble(), 0.2, 1);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(page), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ExitCode.NotFound, without);
        Assert.Equal("split_not_found", unknown.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Serve_says_where_it_listens_answers_and_ends_with_0()
    {
        using var tool = new Tool();
        tool.UseSmallModels();
        await tool.RunAsync("import", "jsonl", SmallShop.Write(Path.Combine(tool.Folder, "shop")));
        await tool.RunAsync("train");
        using var output = new FirstLine();
        using var error = new StringWriter();
        using var stop = new CancellationTokenSource();

        Task<int> serving = PalateTool.RunAsync(
            ["serve", "--home", tool.Home, "--urls", "http://127.0.0.1:0", "--json"], output, error, stop.Token);
        JsonElement envelope = JsonDocument.Parse(await output.Line.WaitAsync(TimeSpan.FromMinutes(1))).RootElement;
        using var client = new HttpClient
        {
            BaseAddress = new Uri(Result(envelope).GetProperty("urls")[0].GetString()!),
        };
        JsonElement answer =
            await client.GetFromJsonAsync<JsonElement>(new Uri("/recommend?user_id=u0&top_k=3", UriKind.Relative));
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await serving.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(3, answer.GetProperty("recommendations").GetArrayLength());
        Assert.Equal(
            Result(envelope).GetProperty("generation").GetString(),
            answer.GetProperty("metadata").GetProperty("model_version").GetString());
    }

    private static async Task DamageAsync(Tool tool, string generation)
    {
        string file = Directory.EnumerateFiles(Path.Combine(tool.Home, "generations", generation), "*.bin").First();
        await using (FileStream stream = File.OpenWrite(file))
        {
            stream.WriteByte((byte)'x');
        }

        (int exit, JsonElement damaged) = await tool.AskAsync("recommend", "--user", "u0");
        (int sick, JsonElement doctor) = await tool.AskAsync("doctor", "--urls", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Damaged, exit);
        Assert.Equal("generation_damaged", damaged.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(ExitCode.Failed, sick);
        Assert.Contains(generation, Message(doctor), StringComparison.Ordinal);
    }

    private static JsonElement Result(JsonElement envelope) => envelope.GetProperty("result");

    private static string Message(JsonElement envelope) =>
        envelope.GetProperty("errors")[0].GetProperty("message").GetString()!;

    private static string Name(JsonElement envelope) => Result(envelope).GetProperty("generation").GetString()!;

    // Tells the first line as soon as it is written, while the command goes on.
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void Flush() => _line.TrySetResult(ToString());
    }
}
