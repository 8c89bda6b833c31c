using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Palate.Cli.Tests;

public sealed class HomeTests
{
    [Fact]
    public async Task A_home_that_somebody_trains_on_is_busy()
    {
        using var tool = new Tool();
        using IDisposable alone = Storage.Home.Open(tool.Home).LockForTraining();

        (int exit, JsonElement envelope) = await tool.AskAsync("train");

        Assert.Equal(ExitCode.Busy, exit);
        Assert.Equal("home_busy", envelope.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_empty_home_says_what_it_lacks()
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);

        (int trained, JsonElement train) = await tool.AskAsync("train");
        (int asked, JsonElement recommend) = await tool.AskAsync("recommend", "--user", "1");

        Assert.Equal(ExitCode.BadInput, trained);
        Assert.Equal("nothing_to_train_on", train.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(ExitCode.NotFound, asked);
        Assert.Equal("no_generation", recommend.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_misspelt_setting_is_an_error_that_names_it()
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), "training:\n  sede: 7\n");

        (int exit, JsonElement envelope) = await tool.AskAsync("train");

        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Equal("bad_settings", envelope.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains(
            "sede", envelope.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("doctor")]
    public async Task Settings_that_are_nested_without_end_are_an_error_of_every_verb(params string[] arguments)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), new string('[', 10_000));

        (int exit, JsonElement envelope) = await tool.AskAsync(arguments);

        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.Contains("nested more than 32 levels", envelope.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("goals.yaml", "a: ", 300_000, "nested more than 32 levels")]
    [InlineData("goals.yaml", "- a", 0, "It is a list")]
    [InlineData("goals.yaml", "a: b", 0, "'a' is no goal")]
    [InlineData("prompts/a.yaml", "name: ", 10_000, "Prompt template a.yaml, line 1")]
    public async Task Other_files_of_the_home_that_cannot_be_used_are_an_error_that_names_them(
        string file, string text, int nested, string expected)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(Path.Combine(tool.Home, "prompts"));
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.yaml"), "pipelines: { llm: { model: simulated } }");
        await File.WriteAllTextAsync(Path.Combine(tool.Home, file), text + new string('[', nested) + new string(']', nested));

        (int exit, JsonElement envelope) = await tool.AskAsync("train", "--distil");

        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Equal("bad_settings", envelope.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains(expected, envelope.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_the_settings_is_written()
    {
        using var tool = new Tool();

        (int exit, JsonElement envelope) = await tool.AskAsync("config", "schema");
        (_, string text, _) = await tool.RunAsync("config", "schema");

        Assert.Equal(ExitCode.Ok, exit);
        JsonElement schema = JsonDocument.Parse(text).RootElement;
        Assert.True(JsonElement.DeepEquals(schema, envelope.GetProperty("result")));
        Assert.Equal("object", schema.GetProperty("properties").GetProperty("pipelines").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_used_port_is_an_error_with_a_way_out()
    {
        using var tool = new Tool();
        Directory.CreateDirectory(tool.Home);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (int exit, JsonElement envelope) = await tool.AskAsync("serve", "--urls", $"http://127.0.0.1:{port}");
        (_, JsonElement doctor) = await tool.AskAsync("doctor", "--urls", $"http://127.0.0.1:{port}");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Equal("address_unusable", envelope.GetProperty("errors")[0].GetProperty("code").GetString());
        JsonElement last = doctor.GetProperty("result").GetProperty("findings").EnumerateArray().Last();
        Assert.Equal("warning", last.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_doctor_finds_a_missing_home_a_damaged_database_and_a_missing_generation()
    {
        using var tool = new Tool();

        (int missing, JsonElement without) = await tool.AskAsync("doctor", "--urls", "http://127.0.0.1:0");
        Directory.CreateDirectory(Path.Combine(tool.Home, "generations"));
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "palate.db"), new string('x', 9000));
        await File.WriteAllTextAsync(Path.Combine(tool.Home, "generations", "CURRENT"), "g0007-cafecafe\n");
        (int damaged, JsonElement with) = await tool.AskAsync("doctor", "--urls", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Failed, missing);
        Assert.Equal(["doctor_home"], Codes(without));
        Assert.Equal(ExitCode.Failed, damaged);
        Assert.Equal(["doctor_database", "doctor_generation"], Codes(with));
        Assert.All(
            with.GetProperty("errors").EnumerateArray(),
            error => Assert.NotEqual("", error.GetProperty("remedy").GetString()));
    }

    private static string[] Codes(JsonElement envelope) =>
        [.. envelope.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()!)];
}
