using System.Globalization;
using System.Net;
using System.Text;

namespace Palate;

/// <summary>A report as one self-contained page: no script, nothing loaded from elsewhere, light and dark.</summary>
public static partial class HtmlReport
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The page; every text of the report is escaped.</summary>
    public static string Render(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder(64 * 1024);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(Invariant, $"<title>{Escape(report.Title)}</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n");
        AppendHeader(page, report);
        AppendHeadlines(page, report);
        Metric[] metrics = [.. report.Metrics.Select(Metric.Parse)];
        AppendTable(page, report, "Accuracy", [.. metrics.Where(metric => metric.IsAccuracy)]);
        AppendCharts(page, report);
        AppendComparisons(page, report);
        AppendTable(page, report, "What the lists are like", [.. metrics.Where(metric => !metric.IsAccuracy)]);
        AppendFooter(page, report);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    // A minus sign is as wide as a digit, a hyphen is not.
    private static string Signed(string metric, double value) =>
        MetricFormat.Difference(metric, value).Replace('-', '\u2212');

    private static void AppendHeader(StringBuilder page, EvaluationReport report)
    {
        page.Append(Invariant, $"<header>\n<p class=\"eyebrow\">Palate evaluation</p>\n<h1>{Escape(report.Title)}</h1>\n");
        page.Append(Invariant, $"<p class=\"lede\">{Escape(report.Protocol)}: {Escape(report.Rules)}.</p>\n");
        page.Append("<dl class=\"facts\">\n");
        Fact(page, "Users evaluated", report.Users.ToString("N0", Invariant));
        Fact(page, "Users skipped", report.SkippedUsers.ToString("N0", Invariant));
        Fact(page, "Users without history", report.UsersWithoutHistory.ToString("N0", Invariant));
        Fact(page, "Items", report.Items.ToString("N0", Invariant));
        Fact(page, "Training interactions", report.TrainInteractions.ToString("N0", Invariant));
        Fact(page, "Held-out interactions", report.HeldOutInteractions.ToString("N0", Invariant));
        page.Append("</dl>\n</header>\n");
    }

    private static void Fact(StringBuilder page, string name, string value) =>
        page.Append(Invariant, $"<div><dt>{Escape(name)}</dt><dd>{Escape(value)}</dd></div>\n");

    /// <summary>The last stage's main numbers, with what changed against the first.</summary>
    private static void AppendHeadlines(StringBuilder page, EvaluationReport report)
    {
        if (report.Stages.Count == 0)
        {
            return;
        }

        StageResult last = report.Stages[^1];
        string[] names = [.. HeadlineMetrics(report)];
        page.Append("<section class=\"headlines\">\n");
        foreach (string name in names.Where(last.Metrics.ContainsKey))
        {
            StageComparison? change = report.Comparisons.FirstOrDefault(row =>
                row.Metric == name && row.Stage == last.Name && row.Baseline == report.Stages[0].Name);
            page.Append(Invariant, $"<div class=\"card\"><p class=\"label\">{Escape(name)} <span>{Escape(last.Name)}</span></p>");
            page.Append(Invariant, $"<p class=\"number\">{MetricFormat.Value(name, last.Metrics[name])}</p>");
            if (change is not null)
            {
                page.Append(
                    Invariant,
                    $"<p class=\"change {Tone(change)}\">{Signed(name, change.Difference)} <span>({Signed(name, change.Low)} to {Signed(name, change.High)}) against {Escape(change.Baseline)}</span></p>");
            }

            page.Append("</div>\n");
        }

        page.Append("</section>\n");
    }

    private static IEnumerable<string> HeadlineMetrics(EvaluationReport report)
    {
        string[] wanted = ["ndcg@10", "recall@10", "recall@100"];
        string[] present = [.. wanted.Where(report.Metrics.Contains)];
        return present.Length > 0 ? present : report.Metrics.Take(3);
    }

    private static string Tone(StageComparison change)
    {
        if (!change.Significant)
        {
            return "even";
        }

        return change.Difference > 0 != Metric.Parse(change.Metric).LowerIsBetter ? "better" : "worse";
    }

    private static void AppendTable(StringBuilder page, EvaluationReport report, string title, Metric[] metrics)
    {
        if (metrics.Length == 0)
        {
            return;
        }

        page.Append(Invariant, $"<section>\n<h2>{title}</h2>\n");
        page.Append("<div class=\"scroll\"><table>\n<thead><tr><th>Stage</th>");
        foreach (Metric metric in metrics)
        {
            page.Append(Invariant, $"<th class=\"value\">{Escape(metric.Name)}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        foreach (StageResult row in report.References.Take(2))
        {
            AppendRow(page, report, row, metrics, "reference");
        }

        foreach (StageResult row in report.Stages)
        {
            AppendRow(page, report, row, metrics, "stage");
        }

        foreach (StageResult row in report.References.Skip(2).Where(row => metrics.Any(metric => row.Metrics.ContainsKey(metric.Name))))
        {
            AppendRow(page, report, row, metrics, "reference bound");
        }

        page.Append("</tbody></table></div>\n");
        page.Append("<p class=\"note\">Small: 95 % bootstrap intervals over users. Bold: the best stage. ");
        page.Append(metrics[0].IsAccuracy
            ? "Chance is computed exactly; an oracle is the best order that exists of a stage's own candidates, or of the whole catalog."
            : "Coverage and Gini belong to all lists together. Novelty is in bits, popularity in training interactions; the tail is every item outside the head that has 80 % of them.");
        page.Append("</p>\n</section>\n");
    }

    private static void AppendRow(
        StringBuilder page, EvaluationReport report, StageResult row, Metric[] metrics, string kind)
    {
        int place = report.Stages.ToList().FindIndex(stage => ReferenceEquals(stage, row));
        string swatch = place < 0 ? "" : $"<i class=\"swatch s{place % Palette}\"></i>";
        page.Append(Invariant, $"<tr class=\"{kind}\"><th>{swatch}{Escape(row.Name)}</th>");
        foreach (Metric metric in metrics)
        {
            if (!row.Metrics.TryGetValue(metric.Name, out double value))
            {
                page.Append("<td class=\"value none\">&ndash;</td>");
                continue;
            }

            bool best = place >= 0 && report.Stages.Count > 1 && report.Stages.All(stage =>
                !stage.Metrics.TryGetValue(metric.Name, out double other)
                || (metric.LowerIsBetter ? value <= other : value >= other));
            page.Append(Invariant, $"<td class=\"value{(best ? " best" : "")}\">{MetricFormat.Value(metric.Name, value)}");
            if (row.Intervals.TryGetValue(metric.Name, out MetricInterval interval))
            {
                page.Append(
                    Invariant,
                    $"<small>{MetricFormat.Value(metric.Name, interval.Low)}&ndash;{MetricFormat.Value(metric.Name, interval.High)}</small>");
            }

            page.Append("</td>");
        }

        page.Append("</tr>\n");
    }

    private static void AppendComparisons(StringBuilder page, EvaluationReport report)
    {
        StageComparison[] rows = [.. report.LastComparisons.Where(row => Metric.Parse(row.Metric).IsAccuracy)];
        if (rows.Length == 0)
        {
            return;
        }

        page.Append("<section>\n<h2>Differences between stages</h2>\n<div class=\"pair\">\n");
        double reach = rows.Max(row => Math.Max(Math.Abs(row.Low), Math.Abs(row.High)));
        foreach (IGrouping<(string, string), StageComparison> pair in rows.GroupBy(row => (row.Baseline, row.Stage)))
        {
            page.Append("<div class=\"scroll\"><table class=\"forest\">\n");
            page.Append(
                Invariant,
                $"<caption>{Escape(pair.Key.Item2)} <span>against {Escape(pair.Key.Item1)}</span></caption>\n");
            page.Append("<thead><tr><th>Metric</th><th class=\"value\">Difference</th><th>95 % interval</th><th class=\"value\">p</th></tr></thead>\n<tbody>\n");
            foreach (StageComparison row in pair)
            {
                page.Append(Invariant, $"<tr class=\"{Tone(row)}\"><th>{Escape(row.Metric)}</th>");
                page.Append(Invariant, $"<td class=\"value\">{Signed(row.Metric, row.Difference)}</td><td>");
                AppendInterval(page, row, reach);
                page.Append(Invariant, $"</td><td class=\"value\">{Escape(MetricFormat.PValue(row.PValue))}</td></tr>\n");
            }

            page.Append("</tbody></table></div>\n");
        }

        page.Append("</div>\n<p class=\"note\">Paired bootstrap over the same users; all intervals share one scale, the line in the middle is no difference. Grey: the interval holds zero.</p>\n</section>\n");
    }

    private static void AppendFooter(StringBuilder page, EvaluationReport report)
    {
        page.Append("<footer>\n<h2>To repeat it</h2>\n<dl>\n");
        Fact(page, "Generation", report.Generation ?? "none");
        Fact(page, "Data, SHA-256", report.DataHash);
        Fact(page, "Bootstrap", string.Create(Invariant, $"{report.Resamples:N0} samples, seed {report.Seed}"));
        Fact(page, "Depth", string.Create(Invariant, $"{report.Depth:N0} ranks from each stage"));
        Fact(page, "Started", report.Time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", Invariant) + " UTC");
        Fact(page, "Took", string.Create(
            Invariant, $"{MetricFormat.Seconds(report.Seconds)}, peak memory {report.PeakMemory / 1048576.0:N0} MiB"));
        foreach (StageResult stage in report.Stages)
        {
            double each = report.Users == 0 ? 0 : stage.Seconds / report.Users;
            Fact(page, "Stage " + stage.Name, string.Create(
                Invariant, $"{MetricFormat.Seconds(stage.Seconds)}, {each * 1e6:N0} \u00b5s per user, measuring included"));
        }

        EvaluationEnvironment where = report.Environment;
        Fact(page, "Where", string.Create(
            Invariant, $"{where.Runtime}, {where.OperatingSystem}, {where.Architecture}, {where.Processors} processors"));
        page.Append("</dl>\n</footer>\n");
    }
}
