using System.Text;

namespace Palate;

/// <content>A page of plots, in the look of a report.</content>
public static partial class HtmlReport
{
    /// <summary>A page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="lede">What it shows, in a sentence or two.</param>
    /// <param name="sections">Headed groups of plots.</param>
    internal static string Render(
        string title, string lede, IEnumerable<(string Heading, string Note, IReadOnlyList<Plot> Plots)> sections)
    {
        var page = new StringBuilder(64 * 1024);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(Invariant, $"<title>{Escape(title)}</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n");
        page.Append(Invariant, $"<header>\n<p class=\"eyebrow\">Palate benchmark</p>\n<h1>{Escape(title)}</h1>\n");
        page.Append(Invariant, $"<p class=\"lede\">{Escape(lede)}</p>\n</header>\n");
        foreach ((string heading, string note, IReadOnlyList<Plot> plots) in sections)
        {
            page.Append(Invariant, $"<section>\n<h2>{Escape(heading)}</h2>\n");
            AppendLegend(page, plots.SelectMany(plot => plot.Series).Where(one => one.Points.Count > 1)
                .Select(one => (one.Name, one.Look)).Distinct());
            page.Append("<div class=\"charts\">\n");
            foreach (Plot plot in plots)
            {
                AppendPlot(page, plot);
            }

            page.Append(Invariant, $"</div>\n<p class=\"note\">{Escape(note)}</p>\n</section>\n");
        }

        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendPlot(StringBuilder page, Plot plot)
    {
        double[] heights = [.. plot.Series.SelectMany(one => one.Points).Select(point => point.Y)];
        double step = Step(heights.Max() - heights.Min(), 5);
        double low = Math.Floor((heights.Min() / step) + 1e-9) * step;
        double high = Ceiling(heights.Max() - low, step) + low;
        OpenChart(page, plot.Title, plot.Subtitle);
        AppendRules(page, high - low, step, value => (low + value).ToString("0.###", Invariant));
        foreach (double mark in plot.Marks)
        {
            Label(page, Across(plot, mark), ChartHeight - Bottom + 17, "middle", mark.ToString("0.##", Invariant));
        }

        Label(page, Left + PlotWidth / 2, ChartHeight - 4, "middle", plot.Horizontal);
        foreach (Plot.Curve curve in plot.Series.Reverse())
        {
            if (curve.Points.Count > 1)
            {
                page.Append(Invariant, $"<polyline class=\"line {curve.Look}\" points=\"");
                foreach ((double x, double y) in curve.Points)
                {
                    page.Append(Invariant, $"{Across(plot, x):0.#},{Y(y - low, high - low):0.#} ");
                }

                page.Append(Invariant, $"\"><title>{Escape(curve.Name)}</title></polyline>\n");
            }

            foreach ((double x, double y) in curve.Points)
            {
                page.Append(
                    Invariant,
                    $"<circle class=\"bar {curve.Look}\" cx=\"{Across(plot, x):0.#}\" cy=\"{Y(y - low, high - low):0.#}\" r=\"3.5\"><title>{Escape(curve.Name)}: {y:0.000} at {x:0.##}</title></circle>\n");
            }
        }

        // The most important first, so that the others make room.
        var taken = new List<(double Left, double Right, double Y)>();
        foreach (Plot.Curve curve in plot.Series)
        {
            if (curve.Points is [var only])
            {
                Name(page, curve.Name, Across(plot, only.X), Y(only.Y - low, high - low), taken);
            }
        }

        CloseChart(page);
    }

    // Beside the dot, to the right or the left, as near to its height as other names allow.
    private static void Name(
        StringBuilder page, string name, double x, double y, List<(double Left, double Right, double Y)> taken)
    {
        const double LineHeight = 12;
        const double LetterWidth = 6.2;
        double width = name.Length * LetterWidth;
        for (int attempt = 0; ; attempt++)
        {
            // 0, up, down, twice up, ...; the right side first.
            int line = attempt / 2;
            double at = y + 4 + (LineHeight * ((line + 1) / 2) * (line % 2 == 1 ? -1 : 1));
            bool isLeft = attempt % 2 == 1;
            double from = isLeft ? x - 7 - width : x + 7;
            bool isInside = from > Left && from + width < ChartWidth && at > Top && at < ChartHeight - Bottom;
            bool isFree = !taken.Exists(other =>
                other.Left < from + width && from < other.Right && Math.Abs(other.Y - at) < LineHeight);
            if ((isInside && isFree) || attempt > 24)
            {
                taken.Add((from, from + width, at));
                Label(page, isLeft ? x - 7 : x + 7, at, isLeft ? "end" : "start", name);
                return;
            }
        }
    }

    private static double Across(Plot plot, double x)
    {
        double share = plot.IsLogarithmic
            ? Math.Log(x / plot.Marks[0]) / Math.Log(plot.Marks[^1] / plot.Marks[0])
            : (x - plot.Marks[0]) / (plot.Marks[^1] - plot.Marks[0]);
        return Left + (Math.Clamp(share, 0, 1) * PlotWidth);
    }
}
