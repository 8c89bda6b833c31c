using System.CommandLine;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate doctor</c>: looks at the machine and the home, and says what to do about what it finds.</summary>
internal sealed class DoctorVerb : Verb
{
    private readonly Option<string[]> _urls = ServeVerb.UrlsOption("http://127.0.0.1:8080");

    private readonly Option<bool> _offline = new("--offline")
    {
        Description = "Call no model; without it each configured one is asked one small question.",
    };

    public DoctorVerb(CommonOptions common)
        : base("doctor", "Check the machine, the home and its models, and say what to do.", common)
    {
        Add(_urls);
        Add(_offline);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        string home = CommonOptions.PathOf(arguments);
        bool isCalling = !arguments.GetValue(_offline);
        Finding[] findings = await output.WithProgressAsync("Looking", async report =>
        {
            report(-1, home);
            IReadOnlyList<Finding> models = await ModelChecks.OfAsync(home, isCalling, stop);
            return (Finding[])
            [
                MachineChecks.Runtime(),
                MachineChecks.Processor(),
                MachineChecks.Memory(),
                .. HomeChecks.Of(home),
                .. models,
                .. arguments.GetValue(_urls)!.Select(MachineChecks.Address),
            ];
        });
        Failure[] errors = [.. findings
            .Where(finding => finding.Status == FindingStatus.Error)
            .Select(finding => new Failure($"doctor_{finding.Check.Split(' ')[0]}", finding.Message, finding.Remedy ?? ""))];
        output.Result(new Diagnosis(home, findings), console => Show(console, findings), errors);
        return errors.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Show(IAnsiConsole console, Finding[] findings)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn(new TableColumn("").NoWrap()).AddColumn(new TableColumn("check").NoWrap()).AddColumn("finding");
        foreach (Finding finding in findings)
        {
            string colour = finding.Status switch
            {
                FindingStatus.Ok => "green",
                FindingStatus.Warning => "yellow",
                _ => "red",
            };
            string words = finding.Remedy is null ? finding.Message : $"{finding.Message}\n{finding.Remedy}";
            table.AddRow(
                new Markup($"[{colour}]{finding.Status.ToString().ToLowerInvariant()}[/]"),
                TerminalText.Of(finding.Check),
                new Rows(words.Split('\n').Select(TerminalText.Of)));
        }

        console.Write(table);
    }

    /// <summary>Everything that was found.</summary>
    internal sealed record Diagnosis(string Home, IReadOnlyList<Finding> Findings);
}
