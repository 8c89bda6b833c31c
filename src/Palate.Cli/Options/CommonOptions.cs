using System.CommandLine;
using Palate.Storage;

namespace Palate.Cli;

/// <summary>The options that every verb has.</summary>
internal sealed class CommonOptions
{
    /// <summary>The environment variable with the home, for when <c>--home</c> is not given.</summary>
    public const string HomeVariable = "PALATE_HOME";

    /// <summary>The folder with everything that one installation keeps.</summary>
    public Option<string> HomeFolder { get; } = new("--home")
    {
        Description = $"The folder with database and generations. Default: ${HomeVariable}, or .palate here.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Whether the result is one JSON envelope.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result as one JSON envelope.",
        Recursive = true,
    };

    /// <summary>Whether an unexpected error comes with its stack.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show where an unexpected error came from.",
        Recursive = true,
    };

    /// <summary>The home's path, whether or not it exists.</summary>
    public string PathOf(ParseResult arguments)
    {
        string? given = arguments.GetValue(HomeFolder) ?? Environment.GetEnvironmentVariable(HomeVariable);
        return Path.GetFullPath(string.IsNullOrWhiteSpace(given) ? ".palate" : given);
    }

    /// <summary>The home, which is made when it is not there.</summary>
    public Home CreateHome(ParseResult arguments) => Home.Open(PathOf(arguments));

    /// <summary>The home, which has to be there: a verb that reads must not leave an empty one behind.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public Home FindHome(ParseResult arguments)
    {
        string path = PathOf(arguments);
        return Directory.Exists(path)
            ? Home.Open(path)
            : throw new CommandException(ExitCode.NotFound, new Failure(
                "home_not_found",
                $"There is no home at {path}.",
                "Run 'palate demo' or 'palate import' first, or name another folder with --home."));
    }
}
