namespace Palate.Cli;

/// <summary>How the tool ends; scripts rely on these numbers, so they never change.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command failed for a reason that no other number names.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The data or a value is not what the command can work with.</summary>
    public const int BadInput = 3;

    /// <summary>Somebody else is using the home.</summary>
    public const int Busy = 4;

    /// <summary>What was named is not there: the home, a generation, a split, a file.</summary>
    public const int NotFound = 5;

    /// <summary>What is there is damaged.</summary>
    public const int Damaged = 6;

    /// <summary>Ctrl+C, or a termination signal (128 + SIGINT, as shells have it).</summary>
    public const int Cancelled = 130;
}
