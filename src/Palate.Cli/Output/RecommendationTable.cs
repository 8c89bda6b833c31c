using System.Globalization;
using Spectre.Console;

namespace Palate.Cli;

/// <summary>A recommendation for a person.</summary>
internal static class RecommendationTable
{
    // A path through the explanation deeper than this says nothing that the numbers above it do not.
    private const int MaxDepth = 3;

    // The parts come greatest first; --json has them all.
    private const int MaxParts = 6;

    public static void Show(IAnsiConsole console, Recommendation answer)
    {
        if (answer.Items.Count > 0)
        {
            console.Write(Items(answer));
        }

        string who = answer.UserId is null ? "somebody unknown" : $"user {answer.UserId}";
        double total = answer.Timings.Sum(stage => stage.Milliseconds);
        string milliseconds = total.ToString("N1", CultureInfo.InvariantCulture);
        console.WriteLine(TerminalText.Clean(
            $"{answer.Items.Count} of {answer.Candidates} candidates for {who}, in {milliseconds} ms."));
        if (answer.Rewriting is { } rewriting)
        {
            string by = rewriting.By == "none" ? "as it was typed" : $"by {(rewriting.By == "model" ? "a model" : rewriting.By)}";
            string reason = rewriting.Reason is null ? "" : $" {rewriting.Reason}";
            console.WriteLine(TerminalText.Clean($"Searched for \"{rewriting.Query}\", {by}.{reason}"));
        }

        console.WriteLine(TerminalText.Clean($"Mode {answer.Mode}: {answer.Reason}"));
        console.WriteLine(TerminalText.Clean($"Generation {answer.Generation}, pipeline {answer.Pipeline}."));
        foreach (RuleOutcome rule in answer.Rules.Where(rule => !rule.Held))
        {
            console.WriteLine(TerminalText.Clean($"The {rule.Rule} of {rule.Subject} does not hold: {rule.Reason}"));
        }

        if (answer.UnknownItems > 0)
        {
            console.WriteLine($"{answer.UnknownItems} item ids of the request are not known.");
        }

        foreach (RecommendedItem item in answer.Items.Where(item => item.Explanation is not null))
        {
            var tree = new Tree(TerminalText.Of($"{item.Rank}. {item.Title}"));
            AddParts(tree, [item.Explanation!], 1);
            console.Write(tree);
        }
    }

    private static Table Items(Recommendation answer)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn(new TableColumn("#").RightAligned())
            .AddColumn(new TableColumn("item").NoWrap())
            .AddColumn("title")
            .AddColumn(new TableColumn("score").RightAligned())
            .AddColumn("proposed by");
        foreach (RecommendedItem item in answer.Items)
        {
            table.AddRow(
                TerminalText.Of((long)item.Rank),
                TerminalText.Of(item.ItemId),
                TerminalText.Of(item.Title),
                TerminalText.Of(item.Score.ToString("F4", CultureInfo.InvariantCulture)),
                TerminalText.Of(string.Join(", ", item.Sources.Select(source => $"{source.Source} {source.Rank}"))));
        }

        return table;
    }

    private static void AddParts(IHasTreeNodes parent, IReadOnlyList<Explanation> parts, int depth)
    {
        foreach (Explanation part in parts.Take(MaxParts))
        {
            string value = part.Value.ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture);
            TreeNode node = parent.AddNode(TerminalText.Of($"{value}  {part.Stage}: {part.Words}"));
            if (depth < MaxDepth)
            {
                AddParts(node, part.Parts, depth + 1);
            }
        }

        if (parts.Count > MaxParts)
        {
            parent.AddNode(TerminalText.Of($"and {parts.Count - MaxParts} smaller parts"));
        }
    }
}
