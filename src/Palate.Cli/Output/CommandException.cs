namespace Palate.Cli;

/// <summary>A verb cannot do what it was asked, and knows the code, the remedy and the exit code.</summary>
internal sealed class CommandException(int exitCode, Failure failure) : Exception(failure.Message)
{
    public int ExitCode { get; } = exitCode;

    public Failure Failure { get; } = failure;
}
