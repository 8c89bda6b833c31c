using System.Globalization;
using System.Text;

namespace Palate;

/// <summary>A report as aligned text for a terminal.</summary>
public static class TextReport
{
    private const int Width = 120;

    /// <summary>The facts, a table of all rows by metric, and the comparisons.</summary>
    public static string Render(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        CultureInfo invariant = CultureInfo.InvariantCulture;
        text.AppendLine(report.Title);
        text.AppendLine(invariant, $"  protocol   {report.Protocol}");
        text.AppendLine(invariant, $"  rules      {report.Rules}");
        text.AppendLine(invariant, $"  users      {report.Users:N0} evaluated, {report.SkippedUsers:N0} without anything relevant held out, {report.UsersWithoutHistory:N0} without history");
        text.AppendLine(invariant, $"  data       {report.TrainInteractions:N0} training and {report.HeldOutInteractions:N0} held-out interactions, sha256 {Short(report.DataHash)}");
        text.AppendLine(invariant, $"  generation {report.Generation ?? "none"}");
        text.AppendLine(invariant, $"  took       {MetricFormat.Seconds(report.Seconds)}, peak memory {report.PeakMemory / (1024.0 * 1024):N0} MiB");
        AppendTable(text, report);
        AppendComparisons(text, report);
        return text.ToString().ReplaceLineEndings("\n");
    }

    internal static string Short(string hash) => hash.Length > 16 ? hash[..16] : hash;

    private static void AppendTable(StringBuilder text, EvaluationReport report)
    {
        (string Name, StageResult? Row)[] rows =
        [
            .. report.References.Take(2).Select(row => (row.Name, row)),
            .. report.Stages.Select(row => (row.Name, row)),
            .. report.References.Skip(2).Select(row => (row.Name, row)),
        ];
        int nameWidth = rows.Length == 0 ? 0 : rows.Max(row => row.Name.Length);
        int next = 0;
        while (next < report.Metrics.Count)
        {
            // As many metrics side by side as fit; the others follow in further blocks.
            int used = nameWidth;
            int first = next;
            while (next < report.Metrics.Count && (next == first || used + 2 + ColumnWidth(report.Metrics[next]) <= Width))
            {
                used += 2 + ColumnWidth(report.Metrics[next]);
                next++;
            }

            text.AppendLine();
            string[] block = [.. report.Metrics.Skip(first).Take(next - first)];
            text.AppendLine(
                "".PadRight(nameWidth) + string.Concat(block.Select(name => "  " + name.PadLeft(ColumnWidth(name)))));
            foreach ((string name, StageResult? row) in rows)
            {
                text.AppendLine(name.PadRight(nameWidth) + string.Concat(block.Select(metric =>
                    "  " + Cell(row!, metric).PadLeft(ColumnWidth(metric)))));
            }
        }
    }

    private static int ColumnWidth(string metric) => Math.Max(metric.Length, 7);

    private static string Cell(StageResult row, string metric) =>
        row.Metrics.TryGetValue(metric, out double value) ? MetricFormat.Value(metric, value) : "-";

    private static void AppendComparisons(StringBuilder text, EvaluationReport report)
    {
        int width = report.Comparisons.Count == 0 ? 0 : report.Comparisons.Max(row => row.Metric.Length);
        foreach (IGrouping<(string, string), StageComparison> pair in report.LastComparisons
            .GroupBy(row => (row.Baseline, row.Stage)))
        {
            text.AppendLine();
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{pair.Key.Item2} against {pair.Key.Item1} (95 % paired bootstrap over users, {report.Resamples:N0} samples, seed {report.Seed})");
            foreach (StageComparison row in pair)
            {
                string interval = "[" + MetricFormat.Difference(row.Metric, row.Low) + ", "
                    + MetricFormat.Difference(row.Metric, row.High) + "]";
                text.AppendLine(
                    "  " + row.Metric.PadRight(width) + MetricFormat.Difference(row.Metric, row.Difference).PadLeft(10)
                    + "  " + interval.PadRight(20) + "  p " + MetricFormat.PValue(row.PValue).PadLeft(6)
                    + (row.Significant ? "  significant" : ""));
            }
        }
    }
}
