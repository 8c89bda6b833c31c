using System.CommandLine;

namespace Palate.Cli;

/// <summary>One verb of the tool: its options, and what it does with them.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, CommonOptions common)
        : base(name, description)
    {
        CommonOptions = common;
        SetAction(InvokeAsync);
    }

    protected CommonOptions CommonOptions { get; }

    /// <summary>The verb as it is typed, for example <c>prompt show</c>.</summary>
    protected virtual string FullName => Name;

    /// <summary>Does it and says how it went.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop);

    private async Task<int> InvokeAsync(ParseResult arguments, CancellationToken stop)
    {
        var output = new CommandOutput(
            FullName,
            arguments.GetValue(CommonOptions.Json),
            arguments.InvocationConfiguration.Output,
            arguments.InvocationConfiguration.Error);
        try
        {
            // Most verbs compute; the thread that waits for Ctrl+C must not be the one that does.
            return await Task.Run(() => RunAsync(arguments, output, stop), CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.Fail(new Failure(
                "cancelled", $"'palate {FullName}' was cancelled.", "Run it again when you are ready."));
            return ExitCode.Cancelled;
        }
        catch (Exception failure)
        {
            (int exitCode, Failure said) = FailureMap.Of(failure, arguments.GetValue(CommonOptions.Verbose));
            output.Fail(said);
            return exitCode;
        }
    }
}
