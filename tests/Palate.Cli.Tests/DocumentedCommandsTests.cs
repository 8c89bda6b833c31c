using System.CommandLine.Parsing;

namespace Palate.Cli.Tests;

/// <summary>Every command line of README.md and docs/ runs as it is printed, on files and homes with the names that it has.</summary>
public sealed class DocumentedCommandsTests(DocumentedFolder folder) : IClassFixture<DocumentedFolder>
{
    /// <summary>What only has to be understood here, and why.</summary>
    private static readonly Dictionary<string, string> OnlyParsed = new()
    {
        ["train --distil --home demo"] = "needs 300 served requests before it; LiveLearningTests serves them",
    };

    public static TheoryData<string> Commands() => [.. Documentation.Commands()];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_runs(string command)
    {
        string[] arguments = [.. Arguments(command)];
        Assert.Empty(PalateTool.Root().Parse(arguments).Errors);
        if (OnlyParsed.ContainsKey(command))
        {
            return;
        }

        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, arguments[0] == "serve" ? "Serving " : null);
        using var error = new StringWriter();
        int exit = await PalateTool.RunAsync(arguments, output, error, stop.Token);

        Assert.True(exit == ExitCode.Ok, $"palate {command}\nended with {exit}: {output}{error}");
    }

    [Fact]
    public void Every_quoted_command_names_verbs_and_options_that_exist() => Assert.All(
        Documentation.Quotations(),
        quoted => Assert.Empty(PalateTool.Root().Parse([.. CommandLineParser.SplitCommandLine(quoted.Command)]).UnmatchedTokens));

    [Fact]
    public void What_is_only_parsed_is_still_documented() =>
        Assert.Empty(OnlyParsed.Keys.Except(Documentation.Commands()));

    /// <summary>The words of a line, with the names of files and homes in the folder, and a free port.</summary>
    private IEnumerable<string> Arguments(string command)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(command)];
        for (int at = 0; at < words.Length; at++)
        {
            bool isPath = (at > 0 && words[at - 1] is "--home" or "--html" or "--output")
                || (at > 1 && Path.Exists(folder.In(words[at])));
            yield return isPath ? folder.In(words[at]) : words[at].Replace("127.0.0.1:8080", "127.0.0.1:0", StringComparison.Ordinal);
        }

        if (!words.Contains("--home"))
        {
            yield return "--home";
            yield return folder.In(DocumentedFolder.DemoHome);
        }
    }

    /// <summary>Presses Ctrl+C when a text is written.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, string? at) : StringWriter
    {
        public override void Write(char value)
        {
            base.Write(value);
            StopAt();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            StopAt();
        }

        private void StopAt()
        {
            if (at is not null && !stop.IsCancellationRequested && ToString().Contains(at, StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }
}
