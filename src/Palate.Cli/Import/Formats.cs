using System.Globalization;

using Palate.Simulation;

namespace Palate.Cli;

/// <summary>The formats that <c>palate import</c> knows, by name.</summary>
internal static class Formats
{
    /// <summary>All names, as they are listed in help and messages.</summary>
    public static readonly string[] Names = ["ml-100k", "ml-1m", "ml-latest", "recbole", "jsonl", "csv", "demo"];

    private static readonly string[] WithSplits = ["ml-100k", "ml-1m"];

    /// <summary>A reader of a data set.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="stop">Ends the generation of the demo world.</param>
    /// <exception cref="CommandException">The choice contradicts itself, or lacks something.</exception>
    public static IDatasetReader Open(FormatChoice choice, CancellationToken stop)
    {
        if (choice.Split is not null && !WithSplits.Contains(choice.Format))
        {
            throw Usage(
                $"--split is '{choice.Split}', but {choice.Format} has no split to choose.",
                "Leave --split out; held-out files that the data brings are always imported.");
        }

        if ((choice.Map is not null || choice.Delimiter is not null) && choice.Format != "csv")
        {
            throw Usage($"--map and --delimiter are for csv, not for {choice.Format}.", "Leave them out.");
        }

        if (choice.Format == "demo")
        {
            return DemoWorld.Generate(choice.Path is null ? null : new DemoOptions { Seed = Seed(choice.Path) }, stop);
        }

        string path = choice.Path ?? throw Usage(
            $"The format {choice.Format} needs the folder or file with the data.",
            $"palate import {choice.Format} PATH");
        return choice.Format switch
        {
            "ml-100k" => new MovieLens100K(path, choice.Split),
            "ml-1m" => new MovieLens1M(path, choice.Split),
            "ml-latest" => new MovieLensLatest(path),
            "recbole" => new RecBoleAtomic(path),
            "jsonl" => new JsonLines(path),
            "csv" => new DelimitedText(path, Map(choice.Map), Delimiter(choice.Delimiter)),
            _ => throw Usage($"There is no format '{choice.Format}'.", $"Give one of {string.Join(", ", Names)}."),
        };
    }

    private static string Map(string? map) => map ?? throw Usage(
        "A CSV file needs a map from meanings to its columns.",
        "For example: --map user_id=customer,item_id=sku,value=quantity,time=bought_at");

    private static char Delimiter(string? text) => text switch
    {
        null => ',',
        "tab" => '\t',
        [char only] => only,
        _ => throw Usage($"--delimiter is '{text}'.", "Give one character, or the word tab."),
    };

    private static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw Usage($"'{text}' is not a seed of the demo world.", "Give a whole number, or nothing.");

    private static CommandException Usage(string message, string remedy) =>
        new(ExitCode.Usage, new Failure("usage", message, remedy));
}
