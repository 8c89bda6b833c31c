using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Palate.Simulation;

namespace Palate.Cli.Tests;

public sealed class DoctorModelTests
{
    [Fact]
    public async Task Every_model_is_called_once_and_what_was_found_is_said()
    {
        using var tool = new Tool();
        await using WebApplication server = await ModelServer.StartAsync(takesSchema: false);
        await using WebApplication locked = await ModelServer.StartAsync(key: "secret-key");
        Environment.SetEnvironmentVariable("PALATE_TEST_WRONG_KEY", "other-key");
        await WriteAsync(tool, $$"""
            models:
              inside: { provider: simulated }
              plain: { provider: openai-compatible, model: m, endpoint: "{{server.Urls.First()}}" }
              cross: { provider: tei, endpoint: "{{server.Urls.First()}}" }
              locked: { provider: openai-compatible, model: m, endpoint: "{{locked.Urls.First()}}", key: "env:PALATE_TEST_WRONG_KEY", retries: 0 }
              gone: { provider: openai-compatible, model: m, endpoint: "http://127.0.0.1:1", retries: 0 }
              unpriced: { provider: openai, model: gpt-small, key: "env:PALATE_TEST_WRONG_KEY" }
              keyless: { provider: openai, model: gpt-big, key: "env:PALATE_TEST_NO_KEY" }
            prices:
              gpt-big: { input: 1, output: 1 }
            pipelines:
              llm: { model: inside }
            """);

        (int exit, JsonElement envelope) = await tool.AskAsync("doctor", "--urls", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Failed, exit);
        AssertFinding(envelope, "model inside", "ok", "right one");
        AssertFinding(envelope, "model plain", "ok", "takes no JSON schema");
        AssertFinding(envelope, "model cross", "ok", "scored the right one higher");
        AssertFinding(envelope, "model locked", "error", "401");
        AssertFinding(envelope, "model gone", "error", "127.0.0.1:1");
        AssertFinding(envelope, "model unpriced", "error", "no price");
        AssertFinding(envelope, "model keyless", "error", "PALATE_TEST_NO_KEY");
        AssertFinding(envelope, "trust llm", "warning", "Nothing was learned");
        Assert.DoesNotContain("other-key", envelope.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, SimulationService.BooksOf(server).Finished.Calls);
    }

    [Fact]
    public async Task Offline_nothing_is_called()
    {
        using var tool = new Tool();
        await using WebApplication server = await ModelServer.StartAsync();
        await WriteAsync(tool, $$"""
            models:
              plain: { provider: openai-compatible, model: m, endpoint: "{{server.Urls.First()}}" }
              cross: { provider: tei, endpoint: "{{server.Urls.First()}}" }
            """);

        (int exit, JsonElement envelope) = await tool.AskAsync("doctor", "--offline", "--urls", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Ok, exit);
        AssertFinding(envelope, "model plain", "ok", "not called");
        AssertFinding(envelope, "model cross", "ok", "not called");
        Assert.Equal(0, SimulationService.BooksOf(server).Finished.Calls);
    }

    private static async Task WriteAsync(Tool tool, string yaml)
    {
        Directory.CreateDirectory(tool.Home);
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), yaml);
    }

    private static void AssertFinding(JsonElement envelope, string check, string status, string words)
    {
        JsonElement finding = envelope.GetProperty("result").GetProperty("findings").EnumerateArray()
            .First(one => one.GetProperty("check").GetString() == check);
        Assert.Equal(status, finding.GetProperty("status").GetString());
        Assert.Contains(words, finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
