using System.Text;

namespace Palate;

/// <content>The drawings, as inline SVG that takes its colours from the page's style.</content>
public static partial class HtmlReport
{
    private const int Palette = 6;
    private const double ChartWidth = 520;
    private const double ChartHeight = 300;
    private const double Left = 48;
    private const double Right = 14;
    private const double Top = 12;
    private const double Bottom = 38;
    private const double PlotWidth = ChartWidth - Left - Right;
    private const double PlotHeight = ChartHeight - Top - Bottom;
    private const int GainBins = 40;
    private static readonly int[] CutoffMarks = [1, 10, 20, 40, 60, 80, 100];

    private static void AppendCharts(StringBuilder page, EvaluationReport report)
    {
        (string Name, string Look, StageResult Row)[] rows =
        [
            .. report.Stages.Select((row, place) => (row.Name, $"s{place % Palette}", row)),
            .. report.References.Take(2).Reverse().Select(row => (row.Name, row.Name, row)),
        ];
        page.Append("<section>\n<h2>By cutoff</h2>\n");
        AppendLegend(page, rows.Select(row => (row.Name, row.Look)));
        page.Append("<div class=\"charts\">\n");
        AppendCurves(page, "Recall", [.. rows.Select(row => (row.Name, row.Look, row.Row.RecallCurve))]);
        AppendCurves(page, "NDCG", [.. rows.Select(row => (row.Name, row.Look, row.Row.NdcgCurve))]);
        page.Append("</div>\n</section>\n<section>\n<h2>Who gains, and what is shown</h2>\n<div class=\"charts\">\n");
        AppendGains(page, report);
        AppendBands(page, report);
        page.Append("</div>\n</section>\n");
    }

    private static void AppendLegend(StringBuilder page, IEnumerable<(string Name, string Look)> entries)
    {
        page.Append("<ul class=\"legend\">");
        foreach ((string name, string look) in entries)
        {
            page.Append(Invariant, $"<li><i class=\"swatch {look}\"></i>{Escape(name)}</li>");
        }

        page.Append("</ul>\n");
    }

    private static void AppendCurves(
        StringBuilder page, string title, (string Name, string Look, IReadOnlyList<double> Values)[] curves)
    {
        int length = curves.Length == 0 ? 0 : curves.Max(curve => curve.Values.Count);
        double highest = curves.SelectMany(curve => curve.Values).DefaultIfEmpty(0).Max();
        double step = Step(highest, 6);
        double top = Ceiling(highest, step);
        OpenChart(page, $"{title} by cutoff", $"{title}@k");
        AppendRules(page, top, step, value => value.ToString("0.###", Invariant));
        foreach (int cutoff in CutoffMarks.Where(cutoff => cutoff <= length))
        {
            Label(page, X(cutoff - 1, length), ChartHeight - Bottom + 17, "middle", cutoff.ToString(Invariant));
        }

        Label(page, Left + PlotWidth / 2, ChartHeight - 4, "middle", "cutoff k");

        // The references first, so that the stages lie on top of them.
        foreach ((string name, string look, IReadOnlyList<double> values) in curves.Reverse())
        {
            page.Append(Invariant, $"<polyline class=\"line {look}\" points=\"");
            for (int place = 0; place < values.Count; place++)
            {
                page.Append(Invariant, $"{X(place, length):0.#},{Y(values[place], top):0.#} ");
            }

            page.Append(Invariant, $"\"><title>{Escape(name)}</title></polyline>\n");
        }

        CloseChart(page);
    }

    /// <summary>How many users the last stage serves better than the first, and by how much.</summary>
    private static void AppendGains(StringBuilder page, EvaluationReport report)
    {
        string? metric = HeadlineMetrics(report).FirstOrDefault();
        if (report.Stages.Count < 2
            || metric is null
            || !report.Stages[0].PerUser.TryGetValue(metric, out double[]? before)
            || !report.Stages[^1].PerUser.TryGetValue(metric, out double[]? after))
        {
            return;
        }

        double[] gains = [.. after.Zip(before, (a, b) => a - b).Where(gain => !double.IsNaN(gain))];
        int better = gains.Count(gain => gain > 0);
        int worse = gains.Count(gain => gain < 0);
        double reach = Math.Max(gains.Select(Math.Abs).DefaultIfEmpty(0).Max(), 0.01);
        int[] bins = new int[GainBins];
        foreach (double gain in gains.Where(gain => gain != 0))
        {
            int half = Math.Min((int)(Math.Abs(gain) / reach * (GainBins / 2)), GainBins / 2 - 1);
            bins[gain > 0 ? GainBins / 2 + half : GainBins / 2 - 1 - half]++;
        }

        double step = Math.Max(1, Step(bins.Max(), 6));
        double top = Ceiling(bins.Max(), step);
        OpenChart(
            page,
            $"{metric} per user: {report.Stages[^1].Name} minus {report.Stages[0].Name}",
            string.Create(Invariant, $"{better:N0} users better, {worse:N0} worse, {gains.Length - better - worse:N0} the same"));
        AppendRules(page, top, step, value => value.ToString("0", Invariant));
        double width = PlotWidth / GainBins;
        for (int bin = 0; bin < GainBins; bin++)
        {
            double height = bins[bin] / top * PlotHeight;
            string look = bin < GainBins / 2 ? "worse" : "better";
            page.Append(
                Invariant,
                $"<rect class=\"bar {look}\" x=\"{Left + bin * width + 0.75:0.##}\" y=\"{Top + PlotHeight - height:0.##}\" width=\"{width - 1.5:0.##}\" height=\"{height:0.##}\"><title>{bins[bin]} users</title></rect>\n");
        }

        double middle = Left + PlotWidth / 2;
        page.Append(Invariant, $"<line class=\"axis\" x1=\"{middle}\" x2=\"{middle}\" y1=\"{Top}\" y2=\"{Top + PlotHeight}\"/>\n");
        foreach (double share in new[] { -1, -0.5, 0, 0.5, 1 })
        {
            string anchor = share switch { -1 => "start", 1 => "end", _ => "middle" };
            Label(
                page,
                middle + share * PlotWidth / 2,
                ChartHeight - Bottom + 17,
                anchor,
                share == 0 ? "0" : (share * reach).ToString("+0.00;\u22120.00;0", Invariant));
        }

        Label(page, middle, ChartHeight - 4, "middle", "gain; users without a change are not drawn");
        CloseChart(page);
    }

    private static void AppendBands(StringBuilder page, EvaluationReport report)
    {
        (string Name, string Look, IReadOnlyList<double> Shares)[] rows =
        [
            ("training data", "train", report.TrainBandShares),
            .. report.Stages
                .Select((row, place) => (row.Name, $"s{place % Palette}", row.BandShares))
                .Where(row => row.BandShares.Count == report.Bands.Count),
        ];
        if (report.Bands.Count == 0)
        {
            return;
        }

        double highest = rows.SelectMany(row => row.Shares).DefaultIfEmpty(0).Max();
        double step = Step(highest, 6);
        double top = Ceiling(highest, step);
        OpenChart(page, "Popularity of the recommended items", "Share of the first ten ranks by the items' popularity band");
        AppendRules(page, top, step, value => (value * 100).ToString("0", Invariant) + " %");
        double group = PlotWidth / report.Bands.Count;
        double width = group * 0.8 / rows.Length;
        for (int band = 0; band < report.Bands.Count; band++)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                double share = rows[row].Shares[band];
                double height = share / top * PlotHeight;
                page.Append(
                    Invariant,
                    $"<rect class=\"bar {rows[row].Look}\" x=\"{Left + band * group + group * 0.1 + row * width:0.##}\" y=\"{Top + PlotHeight - height:0.##}\" width=\"{Math.Max(width - 1, 1):0.##}\" height=\"{height:0.##}\"><title>{Escape(rows[row].Name)}: {share * 100:0.0} %</title></rect>\n");
            }

            string from = band == 0 ? "top " : $"{(report.Bands[band - 1] * 100).ToString("0.#", Invariant)}\u2013";
            string label = from + (report.Bands[band] * 100).ToString("0.#", Invariant) + " %";
            Label(page, Left + (band + 0.5) * group, ChartHeight - Bottom + 17, "middle", label);
        }

        Label(page, Left + PlotWidth / 2, ChartHeight - 4, "middle", "items by popularity, the most popular first");
        CloseChart(page, () => AppendLegend(page, rows.Select(row => (row.Name, row.Look))));
    }

    /// <summary>One interval on the common scale of all comparisons.</summary>
    private static void AppendInterval(StringBuilder page, StageComparison row, double reach)
    {
        const double Half = 90;
        double scale = reach == 0 ? 0 : (Half - 6) / reach;
        string words = $"{Signed(row.Metric, row.Low)} to {Signed(row.Metric, row.High)}";
        page.Append(Invariant, $"<svg class=\"interval\" viewBox=\"0 0 180 18\" role=\"img\" aria-label=\"{words}\"><title>{words}</title>");
        page.Append(Invariant, $"<line class=\"zero\" x1=\"{Half}\" x2=\"{Half}\" y1=\"0\" y2=\"18\"/>");
        page.Append(Invariant, $"<line class=\"span\" x1=\"{Half + row.Low * scale:0.##}\" x2=\"{Half + row.High * scale:0.##}\" y1=\"9\" y2=\"9\"/>");
        page.Append(Invariant, $"<circle cx=\"{Half + row.Difference * scale:0.##}\" cy=\"9\" r=\"4\"/></svg>");
    }

    private static void OpenChart(StringBuilder page, string title, string subtitle)
    {
        page.Append(Invariant, $"<figure>\n<figcaption>{Escape(title)}<span>{Escape(subtitle)}</span></figcaption>\n");
        page.Append(
            Invariant,
            $"<svg viewBox=\"0 0 {ChartWidth} {ChartHeight}\" role=\"img\" aria-label=\"{Escape(title)}\">\n");
    }

    private static void CloseChart(StringBuilder page, Action? after = null)
    {
        page.Append("</svg>\n");
        after?.Invoke();
        page.Append("</figure>\n");
    }

    private static void AppendRules(StringBuilder page, double top, double step, Func<double, string> write)
    {
        int count = (int)Math.Round(top / step);
        for (int rule = 0; rule <= count; rule++)
        {
            double y = Y(rule * step, top);
            page.Append(
                Invariant,
                $"<line class=\"{(rule == 0 ? "axis" : "rule")}\" x1=\"{Left}\" x2=\"{ChartWidth - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>\n");
            Label(page, Left - 8, y + 4, "end", write(rule * step));
        }
    }

    private static void Label(StringBuilder page, double x, double y, string anchor, string text) =>
        page.Append(Invariant, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Escape(text)}</text>\n");

    private static double X(int place, int length) => Left + (length < 2 ? 0 : place * PlotWidth / (length - 1));

    private static double Y(double value, double top) => Top + PlotHeight * (1 - value / top);

    /// <summary>A round distance between rules (1, 2 or 5 times a power of ten) that gives about so many of them.</summary>
    private static double Step(double highest, int rules)
    {
        if (!(highest > 0))
        {
            return 1;
        }

        double rough = highest / rules;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    }

    private static double Ceiling(double highest, double step) => Math.Max(1, Math.Ceiling(highest / step - 1e-9)) * step;
}
