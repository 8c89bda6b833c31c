using System.CommandLine;
using System.Globalization;
using Palate.Hosting;
using Palate.Llm;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate cost</c>: what was spent on models.</summary>
internal sealed class CostVerb : Verb
{
    private static readonly Dictionary<string, LedgerGrouping> Groupings = new(StringComparer.Ordinal)
    {
        ["day"] = LedgerGrouping.Day,
        ["pipeline"] = LedgerGrouping.Pipeline,
        ["variant"] = LedgerGrouping.Variant,
        ["model"] = LedgerGrouping.Model,
        ["tenant"] = LedgerGrouping.Tenant,
        ["purpose"] = LedgerGrouping.Purpose,
    };

    private readonly Option<string[]> _by = new ListOption(
        "--by",
        "A,B",
        $"What to group by, with commas between: {string.Join(", ", Groupings.Keys)}.",
        ["day", "pipeline", "variant", "model"]);

    private readonly Option<DateOnly?> _from = new("--from") { Description = "The first day, in UTC.", HelpName = "YYYY-MM-DD" };

    private readonly Option<DateOnly?> _to = new("--to") { Description = "The last day, in UTC.", HelpName = "YYYY-MM-DD" };

    public CostVerb(CommonOptions common)
        : base("cost", "Show what was spent on models: failed, hedged and cancelled calls too.", common)
    {
        _by.Validators.Add(result =>
        {
            foreach (string unknown in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))
                .Where(name => name.Length > 0 && !Groupings.ContainsKey(name)))
            {
                result.AddError($"--by is '{unknown}'; give some of {string.Join(", ", Groupings.Keys)}.");
            }
        });
        Add(_by);
        Add(_from);
        Add(_to);
    }

    protected override Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        using var models = HomeModels.Open(CommonOptions.FindHome(arguments).Path, TimeProvider.System, ToolProviders.All);
        LedgerGrouping by = arguments.GetValue(_by)!.Aggregate(LedgerGrouping.None, (all, name) => all | Groupings[name]);
        IReadOnlyList<LedgerTotal> totals = models.Ledger.Report(new LedgerQuery
        {
            By = by,
            From = Midnight(arguments.GetValue(_from), 0),
            To = Midnight(arguments.GetValue(_to), 1),
        });
        Row[] rows =
        [
            .. totals.Select(total => new Row(
                total.Day, total.Pipeline, total.Variant, total.Model, total.Tenant, total.Purpose,
                total.Calls, total.Failed, total.Cancelled, total.Hedged, total.Estimated, total.Unpriced,
                total.Usage.InputTokens, total.Usage.CachedTokens, total.Usage.OutputTokens, total.Cost.Dollars)),
        ];
        output.Result(rows, console => Show(console, rows, by));
        return Task.FromResult(ExitCode.Ok);
    }

    private static DateTimeOffset? Midnight(DateOnly? day, int more) =>
        day is null ? null : new DateTimeOffset(day.Value.AddDays(more), TimeOnly.MinValue, TimeSpan.Zero);

    private static void Show(IAnsiConsole console, Row[] rows, LedgerGrouping by)
    {
        if (rows.Length == 0)
        {
            console.WriteLine("Nothing was spent: no model was called.");
            return;
        }

        (string Title, LedgerGrouping Group, Func<Row, string?> Value)[] groups =
        [
            ("day", LedgerGrouping.Day, row => row.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("pipeline", LedgerGrouping.Pipeline, row => row.Pipeline),
            ("variant", LedgerGrouping.Variant, row => row.Variant),
            ("model", LedgerGrouping.Model, row => row.Model),
            ("tenant", LedgerGrouping.Tenant, row => row.Tenant),
            ("purpose", LedgerGrouping.Purpose, row => row.Purpose),
        ];
        groups = [.. groups.Where(group => by.HasFlag(group.Group))];
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (IEnumerable<string>)[.. groups.Select(group => group.Title)])
        {
            table.AddColumn(title);
        }

        foreach (string title in (string[])["calls", "failed", "tokens in", "cached", "out", "dollars"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (Row row in rows)
        {
            table.AddRow(
            [
                .. groups.Select(group => TerminalText.Of(group.Value(row) ?? "")),
                TerminalText.Of(row.Calls),
                TerminalText.Of(row.Failed),
                TerminalText.Of(row.PromptTokens),
                TerminalText.Of(row.CachedTokens),
                TerminalText.Of(row.OutputTokens),
                TerminalText.Of(row.Dollars.ToString("F6", CultureInfo.InvariantCulture)),
            ]);
        }

        console.Write(table);
        if (rows.Any(row => row.Unpriced > 0))
        {
            console.WriteLine($"{rows.Sum(row => row.Unpriced)} calls were of models without a price; declare it under prices in palate.yaml.");
        }
    }

    /// <summary>A group's sums; what it is not grouped by is absent.</summary>
    internal sealed record Row(
        DateOnly? Day,
        string? Pipeline,
        string? Variant,
        string? Model,
        string? Tenant,
        string? Purpose,
        long Calls,
        long Failed,
        long Cancelled,
        long Hedged,
        long Estimated,
        long Unpriced,
        long PromptTokens,
        long CachedTokens,
        long OutputTokens,
        decimal Dollars);
}
