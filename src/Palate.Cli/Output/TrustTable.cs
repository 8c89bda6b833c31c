using System.Globalization;
using Palate.Hosting;
using Spectre.Console;

namespace Palate.Cli;

/// <summary>Shows a person what was learned of the models.</summary>
internal static class TrustTable
{
    public static void Show(IAnsiConsole console, IReadOnlyList<TrustReport> lessons)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("pipeline").AddColumn("model").AddColumn("requests of");
        foreach (string title in (string[])
            ["alpha [95 %]", "gain in NDCG [95 %]", "requests", "not asked", "gain kept", "tokens", "dollars"])
        {
            table.AddColumn(new TableColumn(Markup.Escape(title)).RightAligned());
        }

        foreach (TrustReport lesson in lessons)
        {
            Row(table, lesson, "all", lesson.Whole);
            foreach ((string segment, LearnedAlpha learned) in lesson.Segments)
            {
                Row(table, lesson, segment, learned);
            }
        }

        console.Write(table);
        foreach (TrustReport lesson in lessons.Where(lesson => !lesson.IsWritten))
        {
            console.WriteLine(TerminalText.Clean(string.Create(
                CultureInfo.InvariantCulture,
                $"{lesson.Pipeline}, {lesson.Model}: only {lesson.Whole.Requests} requests had a candidate that proved right, and "
                + $"{lesson.Needed} are needed; nothing was written. Give --trust more users.")));
        }

        foreach (TrustReport lesson in lessons.Where(lesson => lesson.Reported is not null))
        {
            ReportedGain reported = lesson.Reported!;
            console.WriteLine(TerminalText.Clean(string.Create(
                CultureInfo.InvariantCulture,
                $"{lesson.Pipeline}, {lesson.Model}: on {reported.Requests} queries that had no part in this it is asked for "
                + $"{reported.Asked}, and NDCG goes from {reported.BaseNdcg:F4} by {reported.Gain:+0.0000;-0.0000;0} "
                + $"[{reported.GainInterval.Low:+0.0000;-0.0000;0}, {reported.GainInterval.High:+0.0000;-0.0000;0}].")));
        }

        foreach (TrustReport lesson in lessons.Where(lesson => lesson.Student is not null))
        {
            Show(console, new StudentTrainer.Report(lesson.Pipeline, lesson.Model, lesson.Student!));
        }
    }

    /// <summary>Shows what became of a student.</summary>
    public static void Show(IAnsiConsole console, StudentTrainer.Report lesson) =>
        console.WriteLine(TerminalText.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{lesson.Pipeline}, student of {lesson.Model}: taught by {lesson.Student.Requests} requests. {lesson.Student.Reason}")));

    private static void Row(Table table, TrustReport lesson, string segment, LearnedAlpha learned)
    {
        bool isAll = ReferenceEquals(learned, lesson.Whole);
        table.AddRow(
            TerminalText.Of(lesson.Pipeline),
            TerminalText.Of(lesson.Model),
            TerminalText.Of(segment),
            Number($"{learned.Alpha:F2} [{learned.AlphaInterval.Low:F2}, {learned.AlphaInterval.High:F2}]"),
            Number($"{learned.Gain:+0.0000;-0.0000;0} [{learned.GainInterval.Low:+0.0000;-0.0000;0}, {learned.GainInterval.High:+0.0000;-0.0000;0}]"),
            Number($"{learned.Requests}"),
            isAll ? Number($"{100 * lesson.Ask.Skipped:F0} %") : TerminalText.Of(""),
            isAll ? Number($"{100 * lesson.Ask.GainKept:F0} %") : TerminalText.Of(""),
            isAll ? Number($"{lesson.PromptTokens + lesson.OutputTokens}") : TerminalText.Of(""),
            isAll ? Number($"{lesson.Dollars:F6}") : TerminalText.Of(""));
    }

    private static Text Number(FormattableString number) =>
        TerminalText.Of(number.ToString(CultureInfo.InvariantCulture));
}
