using System.CommandLine;

namespace Palate.Cli;

/// <summary>An old name: it answers with the new one, whatever follows it, and does nothing.</summary>
internal sealed class MovedVerb : Command
{
    public MovedVerb(string name, string now)
        : base(name, $"Has moved: {now}.")
    {
        Hidden = true;
        TreatUnmatchedTokensAsErrors = false;
        SetAction(parsed =>
        {
            bool isJson = parsed.Tokens.Any(token => token.Value == "--json");
            new CommandOutput(name, isJson, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
                .Fail([new Failure("moved", $"'{name}' has moved.", $"Run '{now}'.")]);
            return ExitCode.Usage;
        });
    }
}
