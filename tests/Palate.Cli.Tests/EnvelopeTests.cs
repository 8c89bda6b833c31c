using System.Text.Json;

namespace Palate.Cli.Tests;

public sealed class EnvelopeTests
{
    private static readonly string[] Verbs = ["import", "train", "recommend", "serve", "rollback", "doctor"];

    [Fact]
    public async Task A_success_carries_the_result_and_no_error()
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);

        (int exit, JsonElement envelope) = await tool.AskAsync("doctor", "--urls", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(["command", "status", "result", "errors"], envelope.EnumerateObject().Select(one => one.Name));
        Assert.Equal("doctor", envelope.GetProperty("command").GetString());
        Assert.Equal("ok", envelope.GetProperty("status").GetString());
        Assert.Equal(0, envelope.GetProperty("errors").GetArrayLength());
        Assert.Equal("ok", envelope.GetProperty("result").GetProperty("findings")[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "home_not_found", "train")]
    [InlineData(ExitCode.NotFound, "home_not_found", "recommend", "--user", "1")]
    [InlineData(ExitCode.NotFound, "home_not_found", "rollback")]
    [InlineData(ExitCode.NotFound, "home_not_found", "serve")]
    [InlineData(ExitCode.BadInput, "import_failed", "import", "ml-100k", "/nowhere/at/all")]
    [InlineData(ExitCode.BadInput, "invalid_request", "recommend", "--user", "1", "--count", "0")]
    [InlineData(ExitCode.Usage, "usage", "recommend", "--require", "genre")]
    [InlineData(ExitCode.Usage, "usage", "recommend", "--count", "five")]
    [InlineData(ExitCode.Usage, "usage", "import", "ml-100m", "x")]
    [InlineData(ExitCode.Usage, "usage", "trian")]
    public async Task A_failure_has_a_code_a_message_and_a_remedy(int expected, string code, params string[] arguments)
    {
        using var tool = new Tool();

        (int exit, JsonElement envelope) = await tool.AskAsync(arguments);

        Assert.Equal(expected, exit);
        Assert.Equal("error", envelope.GetProperty("status").GetString());
        JsonElement error = envelope.GetProperty("errors")[0];
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.NotEqual("", error.GetProperty("remedy").GetString());
        Assert.False(envelope.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Without_json_the_error_goes_to_standard_error()
    {
        using var tool = new Tool();

        (int exit, string output, string error) = await tool.RunAsync("train");

        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Equal("", output);
        Assert.Contains("home_not_found", error, StringComparison.Ordinal);
        Assert.Contains("palate import", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_that_reads_leaves_no_home_behind()
    {
        using var tool = new Tool();

        await tool.RunAsync("recommend", "--user", "1");
        await tool.RunAsync("doctor");

        Assert.False(Directory.Exists(tool.Home));
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        using var tool = new Tool();

        (int exit, string output, _) = await tool.RunAsync("--help");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.All(Verbs, verb => Assert.Contains($"  {verb} ", output, StringComparison.Ordinal));
    }
}
