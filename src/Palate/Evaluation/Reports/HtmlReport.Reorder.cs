using System.Text;

namespace Palate;

/// <content>The page of a comparison of re-orderers: checks, fronts, one walk, and the table.</content>
public static partial class HtmlReport
{
    private const double StepWidth = 172;
    private const double ItemHeight = 22;

    // Beside the plot of a front: its methods, one below the other; the longest name has 15 letters.
    private const double FrontLegend = 126;
    private const double LegendLine = 15;

    /// <summary>The page of comparisons of re-orderers, one for each data set; every text is escaped.</summary>
    public static string Render(IReadOnlyList<ReorderReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var page = new StringBuilder(64 * 1024);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(Invariant, $"<title>Goals</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n");
        foreach (ReorderReport report in reports)
        {
            page.Append(Invariant, $"<header>\n<p class=\"eyebrow\">Palate evaluation of goals</p>\n<h1>{Escape(report.Title)}</h1>\n");
            foreach (string note in report.Notes)
            {
                page.Append(Invariant, $"<p class=\"note\">{Escape(note)}</p>\n");
            }

            page.Append("</header>\n<section>\n<h2>What was to be reached</h2>\n<div class=\"scroll\"><table><tbody>\n");
            foreach (ReorderCheck check in report.Checks)
            {
                page.Append(
                    Invariant,
                    $"<tr class=\"{(check.Reached ? "better" : "worse")}\"><th>{Escape(check.Name)}</th><td class=\"change {(check.Reached ? "better" : "worse")}\">{(check.Reached ? "reached" : "not reached")}</td><td style=\"white-space:normal\">{Escape(check.Words)}</td></tr>\n");
            }

            page.Append("</tbody></table></div>\n</section>\n");
            AppendFronts(page, report);
            AppendWalk(page, report);
            AppendReorderTable(page, report);
        }

        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendFronts(StringBuilder page, ReorderReport report)
    {
        string[] methods = [.. report.Points.Select(point => point.Method).Distinct()];
        if (methods.Length == 0)
        {
            return;
        }

        page.Append("<section>\n<h2>Fronts</h2>\n<div class=\"charts\">\n");
        string? mad = report.Metrics.LastOrDefault(metric => metric.StartsWith("mad@", StringComparison.Ordinal));
        foreach ((string metric, string title) in
            new[] { ("topic_ndcg@10", "Accuracy against diversity"), (mad ?? "", "Accuracy against fairness") })
        {
            if (report.Points.All(point => point.Row.Metrics.ContainsKey(metric)))
            {
                AppendFront(page, report.Points, methods, metric, title);
            }
        }

        page.Append("</div>\n<p class=\"note\">Every method at every weight, joined in the order of the weight; up and to the right is better. The graph is led by rules here.</p>\n</section>\n");
    }

    private static void AppendFront(
        StringBuilder page, IReadOnlyList<ReorderFrontPoint> points, string[] methods, string metric, string title)
    {
        const string Accuracy = "ndcg@10";
        double sign = ReorderProtocol.LowerIsBetter(metric) ? -1 : 1;
        double left = points.Min(point => point.Row.Metrics[Accuracy]);
        double right = points.Max(point => point.Row.Metrics[Accuracy]);
        double low = points.Min(point => sign * point.Row.Metrics[metric]);
        double high = points.Max(point => sign * point.Row.Metrics[metric]);
        double width = Left + PlotWidth + FrontLegend;
        double height = Math.Max(ChartHeight, Top + LegendLine * (methods.Length + 1));
        double X(double value) => Left + (PlotWidth - 10) * (value - left) / Math.Max(1e-9, right - left);
        double Y(double value) => Top + PlotHeight * (1 - (sign * value - low) / Math.Max(1e-9, high - low));
        page.Append(Invariant, $"<figure><figcaption>{Escape(title)} <span>{Accuracy} to the right, {Escape(metric)} upwards{(sign < 0 ? ", smaller is better" : "")}</span></figcaption>\n");
        page.Append(Invariant, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Escape(title)}\">\n");
        page.Append(Invariant, $"<text x=\"{Left}\" y=\"{ChartHeight - 14}\" font-size=\"11\" fill=\"var(--soft)\">{left:0.000}</text>");
        page.Append(Invariant, $"<text x=\"{X(right)}\" y=\"{ChartHeight - 14}\" font-size=\"11\" fill=\"var(--soft)\" text-anchor=\"end\">{right:0.000}</text>");
        page.Append(Invariant, $"<text x=\"{Left - 6}\" y=\"{Top + 8}\" font-size=\"11\" fill=\"var(--soft)\" text-anchor=\"end\">{sign * high:0.000}</text>");
        page.Append(Invariant, $"<text x=\"{Left - 6}\" y=\"{Top + PlotHeight}\" font-size=\"11\" fill=\"var(--soft)\" text-anchor=\"end\">{sign * low:0.000}</text>\n");
        for (int method = 0; method < methods.Length; method++)
        {
            ReorderFrontPoint[] own = [.. points.Where(point => point.Method == methods[method]).OrderBy(point => point.Weight)];
            bool isGraph = methods[method].StartsWith("graph", StringComparison.Ordinal);
            string dash = method / Palette == 0 || isGraph ? "" : method / Palette == 1 ? " stroke-dasharray=\"5 3\"" : " stroke-dasharray=\"2 2\"";
            page.Append(Invariant, $"<polyline fill=\"none\" stroke=\"var(--s{method % Palette})\" stroke-width=\"{(isGraph ? 3 : 1.3)}\"{dash} points=\"");
            foreach (ReorderFrontPoint point in own)
            {
                page.Append(Invariant, $"{X(point.Row.Metrics[Accuracy]):0.#},{Y(point.Row.Metrics[metric]):0.#} ");
            }

            page.Append("\"/>\n");
            foreach (ReorderFrontPoint point in own)
            {
                page.Append(
                    Invariant,
                    $"<circle cx=\"{X(point.Row.Metrics[Accuracy]):0.#}\" cy=\"{Y(point.Row.Metrics[metric]):0.#}\" r=\"{(isGraph ? 3.5 : 2.2)}\" fill=\"var(--s{method % Palette})\"><title>{Escape(methods[method])} {point.Weight:0.##}: {point.Row.Metrics[Accuracy]:0.0000}, {point.Row.Metrics[metric]:0.0000}</title></circle>\n");
            }

            double y = Top + 8 + LegendLine * method;
            page.Append(Invariant, $"<line x1=\"{width - FrontLegend + 14}\" x2=\"{width - FrontLegend + 30}\" y1=\"{y - 4}\" y2=\"{y - 4}\" stroke=\"var(--s{method % Palette})\" stroke-width=\"{(isGraph ? 3 : 1.3)}\"{dash}/>");
            page.Append(Invariant, $"<text x=\"{width - FrontLegend + 36}\" y=\"{y}\" font-size=\"10\" fill=\"var(--ink)\">{Escape(methods[method])}</text>\n");
        }

        page.Append("</svg></figure>\n");
    }

    /// <summary>A column for each step, a line for each title that stays on the list.</summary>
    private static void AppendWalk(StringBuilder page, ReorderReport report)
    {
        if (report.Walk.Count == 0)
        {
            return;
        }

        int places = report.Walk.Max(step => step.Items.Count);
        double width = report.Walk.Count * StepWidth;
        double height = 70 + places * ItemHeight;
        page.Append(Invariant, $"<section>\n<h2>One walk</h2>\n<p class=\"note\">{Escape(report.WalkNote)}</p>\n<div class=\"scroll\" style=\"padding:12px\">\n");
        page.Append(Invariant, $"<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"One walk\">\n");
        for (int step = 0; step < report.Walk.Count; step++)
        {
            ReorderStep own = report.Walk[step];
            double x = step * StepWidth;
            string weight = own.IsTaken ? "700" : "500";
            page.Append(Invariant, $"<text x=\"{x + 4}\" y=\"16\" font-size=\"13\" font-weight=\"{weight}\" fill=\"var(--ink)\">{Escape(own.Name)}{(own.IsTaken ? " \u2713" : "")}</text>\n");
            string values = string.Join(" ", own.Values.Take(3).Select(value =>
                string.Create(Invariant, $"{value.Key[..1]} {value.Value:0.00}")));
            page.Append(Invariant, $"<text x=\"{x + 4}\" y=\"32\" font-size=\"11\" fill=\"var(--soft)\">{Escape(values)}</text>\n");
            for (int place = 0; place < own.Items.Count; place++)
            {
                double y = 50 + place * ItemHeight;
                string title = own.Items[place].Length > 21 ? own.Items[place][..20] + "\u2026" : own.Items[place];
                string colour = own.Groups[place] switch { 0 => "var(--s1)", 1 => "var(--s0)", _ => "var(--faint)" };
                page.Append(Invariant, $"<rect x=\"{x + 2}\" y=\"{y - 11}\" width=\"4\" height=\"14\" fill=\"{colour}\"/>");
                page.Append(Invariant, $"<text x=\"{x + 10}\" y=\"{y}\" font-size=\"11\" fill=\"var(--ink)\">{Escape(title)}<title>{Escape(own.Items[place])}</title></text>\n");
                int before = step == 0 ? -1 : report.Walk[step - 1].Items.ToList().IndexOf(own.Items[place]);
                if (before >= 0)
                {
                    double from = 50 + before * ItemHeight - 4;
                    page.Append(Invariant, $"<line x1=\"{x - 26}\" y1=\"{from}\" x2=\"{x - 2}\" y2=\"{y - 4}\" stroke=\"{(before == place ? "var(--line)" : "var(--s2)")}\" stroke-width=\"1.4\"/>\n");
                }
            }
        }

        page.Append("</svg></div>\n<p class=\"note\">A column is a step, with the first ten titles; lines join the same title; the bar is its group. The ticked step was taken.</p>\n</section>\n");
    }

    private static void AppendReorderTable(StringBuilder page, ReorderReport report)
    {
        page.Append("<section>\n<h2>All methods</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th>Method</th>");
        foreach (string name in (string[])[.. report.Metrics, "steps", "calls", "tokens", "ms"])
        {
            page.Append(Invariant, $"<th class=\"value\">{Escape(name)}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        foreach (ReorderReportRow row in report.Rows)
        {
            page.Append(Invariant, $"<tr class=\"{(row.Section == "reference" ? "reference" : "stage")}\"><th>{Escape(row.Row.Name)} <small>{Escape(row.Section)}</small></th>");
            foreach (string metric in report.Metrics)
            {
                page.Append(row.Row.Metrics.TryGetValue(metric, out double value)
                    ? string.Create(Invariant, $"<td class=\"value\">{value:0.0000}") : "<td class=\"value none\">&ndash;");
                if (row.Row.Differences.TryGetValue(metric, out ReorderDifference difference))
                {
                    page.Append(Invariant, $"<small>{difference.Low:+0.0000;\u22120.0000;0} to {difference.High:+0.0000;\u22120.0000;0}</small>");
                }

                page.Append("</td>");
            }

            foreach (double? took in (double?[])[row.Steps, row.Calls, row.Tokens, row.Milliseconds])
            {
                page.Append(took is { } number ? string.Create(Invariant, $"<td class=\"value\">{number:0.0}</td>") : "<td></td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n<p class=\"note\">Small: the 95 % interval of the difference to the base order, paired by user. Milliseconds are compute: a simulated model answers at once.</p>\n</section>\n");
    }
}
