using System.Text.Json;

namespace Palate.Cli.Tests;

/// <summary>Runs the tool in this process, with a home of its own that goes away with the test.</summary>
internal sealed class Tool : IDisposable
{
    public Tool() => Folder = Directory.CreateTempSubdirectory("palate-cli-").FullName;

    /// <summary>A folder for the test's files.</summary>
    public string Folder { get; }

    /// <summary>The home that every run is given.</summary>
    public string Home => Path.Combine(Folder, "home");

    /// <summary>Settings with which a training on a few hundred rows takes a moment.</summary>
    public void UseSmallModels()
    {
        Directory.CreateDirectory(Home);
        File.WriteAllText(
            Path.Combine(Home, "palate.yaml"),
            """
            training:
              ranking:
                hold_outs: 1
                lambda_mart:
                  trees: 20
            """);
    }

    public async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await PalateTool.RunAsync([.. arguments, "--home", Home], output, error);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c> and reads the one envelope that must come back.</summary>
    public async Task<(int Exit, JsonElement Envelope)> AskAsync(params string[] arguments)
    {
        (int exit, string output, _) = await RunAsync([.. arguments, "--json"]);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        return (exit, JsonDocument.Parse(output).RootElement);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
