using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Palate.Cli;

/// <summary>The tool <c>palate</c>: its verbs, and how a command line becomes one of them.</summary>
internal static class PalateTool
{
    // A verb that was asked to stop ends at its next check; the fits check at least once in a pass.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(10);

    public static Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken stop = default) =>
        RunAsync(Root(), arguments, output, error, stop);

    /// <summary>Runs a command line of a tool that has verbs of its own.</summary>
    public static async Task<int> RunAsync(
        RootCommand root,
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken stop)
    {
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, arguments.Contains("--json"), output, error);
        }

        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToStop,
        };
        return await parsed.InvokeAsync(invocation, stop);
    }

    internal static RootCommand Root()
    {
        var common = new CommonOptions();
        var root = new RootCommand("Palate: recommendations with a language model inside, and a promise around it.")
        {
            common.HomeFolder,
            common.Json,
            common.Verbose,
            new DemoVerb(common),
            new ImportVerb(common),
            new TrainVerb(common),
            new RecommendVerb(common),
            new EvaluateVerb(common),
            new RerankVerb(common),
            new CompareVerb(common),
            new PromptVerb(common),
            new CostVerb(common),
            new ConfigVerb(common),
            new SimulateVerb(common),
            new ServeVerb(common),
            new ExportVerb(common),
            new ForgetVerb(common),
            new RollbackVerb(common),
            new DoctorVerb(common),
            new MovedVerb("simulate-llm", "palate simulate llm"),
        };
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }

    private static int Refuse(ParseResult parsed, bool isJson, TextWriter output, TextWriter error)
    {
        string verb = parsed.CommandResult.Command is RootCommand ? "palate" : parsed.CommandResult.Command.Name;
        string help = verb == "palate" ? "palate --help" : $"palate {verb} --help";
        new CommandOutput(verb, isJson, output, error).Fail(
            [.. parsed.Errors.Select(wrong => new Failure("usage", wrong.Message, $"See '{help}'."))]);
        return ExitCode.Usage;
    }
}
