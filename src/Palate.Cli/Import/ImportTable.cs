using System.Globalization;
using Spectre.Console;

namespace Palate.Cli;

/// <summary>An import for a person.</summary>
internal static class ImportTable
{
    private const int ShownProblems = 5;

    public static void Show(IAnsiConsole console, Imported done)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("stored").AddColumn(new TableColumn("rows").RightAligned());
        table.AddRow(TerminalText.Of("descriptions of items"), TerminalText.Of(done.Items));
        table.AddRow(TerminalText.Of("descriptions of users"), TerminalText.Of(done.Users));
        table.AddRow(TerminalText.Of("interactions"), TerminalText.Of(done.Interactions));
        table.AddRow(TerminalText.Of("held-out interactions"), TerminalText.Of(done.HeldOut));
        console.Write(table);
        string seconds = done.Seconds.ToString("N1", CultureInfo.InvariantCulture);
        Say(console, $"{done.Format} from {done.Source} in {seconds} s.");
        if (done.ItemTexts is { } texts)
        {
            Say(console, $"{texts.Matched} items got a text, {texts.Unmatched} did not.");
            SayFirst(console, texts.Problems);
        }

        foreach ((string note, long times) in done.Notes)
        {
            Say(console, $"{times} x {note}");
        }

        if (done.Bad > 0)
        {
            Say(console, $"{done.Bad} bad rows were skipped; the first:");
            SayFirst(console, done.FirstBad);
        }
    }

    private static void SayFirst(IAnsiConsole console, IReadOnlyList<string> problems)
    {
        foreach (string problem in problems.Take(ShownProblems))
        {
            Say(console, $"  {problem}");
        }
    }

    private static void Say(IAnsiConsole console, string line) => console.WriteLine(TerminalText.Clean(line));
}
