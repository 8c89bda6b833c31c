using System.CommandLine;

namespace Palate.Cli;

/// <summary>Queries whose right answers are known, as <c>train</c> and <c>compare</c> take them: a file's, or the demo world's.</summary>
internal static class GradedQueries
{
    /// <summary>The option; without a value it means the demo world's queries.</summary>
    public static Option<string?> Option(string description) => new("--queries")
    {
        Description = description,
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The queries that were asked for; null when none were.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="catalog">The items that the grades are about.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="output">Is told of lines that were left out.</param>
    /// <exception cref="CommandException">There are none to be had.</exception>
    public static IReadOnlyList<GradedRequest>? Of(
        ParseResult arguments, Option<string?> option, Catalog catalog, int count, CommandOutput output)
    {
        if (arguments.GetResult(option) is null)
        {
            return null;
        }

        if (arguments.GetValue(option) is not { } path)
        {
            return DemoRequests.Of(catalog, count);
        }

        var bad = new List<string>();
        using StreamReader reader = File.OpenText(path);
        IReadOnlyList<GradedRequest> queries = QueryFile.Read(reader, bad);
        foreach (string line in bad)
        {
            output.Say(line);
        }

        return queries.Count > 0
            ? [.. queries.Take(count)]
            : throw new CommandException(ExitCode.BadInput, new Failure(
                "no_queries",
                $"The file {path} has no query that can be read. {bad.FirstOrDefault()}".TrimEnd(),
                "Give a line per query, for example {\"query\":\"wool socks\",\"grades\":{\"i12\":3}}."));
    }
}
