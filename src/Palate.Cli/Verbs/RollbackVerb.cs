using System.CommandLine;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate rollback</c>: lets the generation before the current one answer again.</summary>
internal sealed class RollbackVerb(CommonOptions common)
    : Verb("rollback", "Return to the generation before the current one; a running service follows.", common)
{
    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        using IDisposable alone = HomeLock.Take(home);
        var store = new GenerationStore(home.GenerationsFolder);
        string? before = store.CurrentName;
        var done = new RolledBack(store.Rollback(), before);
        output.Result(done, console => console.WriteLine(
            $"Generation {done.Generation} answers again, instead of {before}."));
        return Task.FromResult(ExitCode.Ok);
    }

    /// <summary>Which generation answers now, and which did.</summary>
    internal sealed record RolledBack(string Generation, string? Before);
}
