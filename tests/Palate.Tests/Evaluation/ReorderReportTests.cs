using System.Globalization;
using System.Text.RegularExpressions;

namespace Palate.Tests;

/// <summary>The page of a comparison of re-orderers.</summary>
public sealed partial class ReorderReportTests
{
    private const string Hostile = "<script>alert(\"x\")</script> & 'y'";

    // A letter of 10 units is at most this wide.
    private const double Letter = 6;

    private static readonly string[] Methods =
    [
        "base", "mmr", "dpp", "xquad-even", "xquad", "pm2", "calibration", "fa-ir", "exposure", "exposure-linear", "parity",
        "graph diversity", "graph fairness", "graph balanced", "one more", "and another", "and the last", "really last",
        "not yet", "now",
    ];

    [Fact]
    public void It_says_what_was_reached_draws_fronts_and_a_walk_and_has_every_row()
    {
        ReorderReport report = Report();

        string page = HtmlReport.Render([report, report with { Title = "second" }]);

        Assert.Equal(2, Regex.Count(page, "<h2>Fronts</h2>"));
        Assert.Equal(4, Regex.Count(page, "<figure>"));
        Assert.Contains(">reached<", page, StringComparison.Ordinal);
        Assert.Contains(">not reached<", page, StringComparison.Ordinal);
        Assert.Contains("Diversity \u2713", page, StringComparison.Ordinal);
        Assert.Contains("second", page, StringComparison.Ordinal);
        Assert.All(report.Rows, row => Assert.Contains($">{row.Row.Name} <small>", page, StringComparison.Ordinal));
        Assert.Contains("+0.0100 to +0.0300", page, StringComparison.Ordinal);
        Assert.Contains(">1234.5<", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_text_is_escaped()
    {
        ReorderReport report = Report() with { Title = Hostile, Notes = [Hostile], WalkNote = Hostile };
        report = report with
        {
            Checks = [new ReorderCheck(Hostile, true, Hostile)],
            Points = [.. report.Points.Select(point => point with { Method = Hostile })],
            Walk = [new ReorderStep(Hostile, [Hostile], [0], new Dictionary<string, double> { [Hostile] = 1 }, true)],
            Rows = [.. report.Rows.Select(row => row with { Section = Hostile, Row = row.Row with { Name = Hostile } })],
        };

        string page = HtmlReport.Render([report]);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(\"x\")", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_and_legends_are_inside_their_drawings()
    {
        string page = HtmlReport.Render([Report()]);

        MatchCollection drawings = Drawing().Matches(page);
        Assert.Equal(2, drawings.Count);
        foreach (Match drawing in drawings)
        {
            double width = Number(drawing.Groups["width"]);
            double height = Number(drawing.Groups["height"]);
            MatchCollection texts = Text().Matches(drawing.Value);
            Assert.Equal(Methods, texts.Select(text => text.Groups["words"].Value));
            Assert.All(texts, text => Assert.InRange(
                Number(text.Groups["x"]) + (Letter * text.Groups["words"].Length), 0, width));
            Assert.All(texts, text => Assert.InRange(Number(text.Groups["y"]), 0, height));
            double legend = texts.Min(text => Number(text.Groups["x"]));
            MatchCollection points = Point().Matches(drawing.Value);
            Assert.Equal(2 * Methods.Length, points.Count);
            Assert.All(points, point => Assert.InRange(Number(point.Groups["x"]), 0, legend - 20));
            Assert.All(points, point => Assert.InRange(Number(point.Groups["y"]), 0, height));
        }
    }

    [Fact]
    public void It_does_not_depend_on_the_culture_and_needs_neither_points_nor_a_walk()
    {
        string before = HtmlReport.Render([Report()]);
        CultureInfo kept = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(before, HtmlReport.Render([Report()]));
        }
        finally
        {
            CultureInfo.CurrentCulture = kept;
        }

        string bare = HtmlReport.Render([Report() with { Points = [], Walk = [], Checks = [] }]);
        Assert.DoesNotContain("<svg", bare, StringComparison.Ordinal);
        Assert.Contains("<h2>All methods</h2>", bare, StringComparison.Ordinal);
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static ReorderReport Report()
    {
        static ReorderRow Row(string name, int place) => new()
        {
            Name = name,
            Metrics = new Dictionary<string, double>
            {
                ["ndcg@10"] = 0.4 - (0.01 * place),
                ["topic_ndcg@10"] = 0.7 + (0.01 * place),
                ["mad@20"] = 0.02 / (place + 1),
            },
            Differences = new Dictionary<string, ReorderDifference> { ["topic_ndcg@10"] = new(0.02, 0.01, 0.03) },
        };
        return new ReorderReport
        {
            Title = "films",
            Notes = ["One note."],
            Metrics = ["ndcg@10", "topic_ndcg@10", "mad@20", "absent@10"],
            Rows =
            [
                new ReorderReportRow("reference", Row("chance", 0)),
                new ReorderReportRow("model", Row("walker", 3)) { Steps = 2, Calls = 3, Tokens = 1234.5, Milliseconds = 1 },
            ],
            Points = [.. Methods.SelectMany((method, place) => (ReorderFrontPoint[])
                [new(method, 0.1f, Row(method, place)), new(method, 0.2f, Row(method, place + 1))])],
            Checks = [new ReorderCheck("one", true, "words"), new ReorderCheck("two", false, "words")],
            Walk =
            [
                new ReorderStep("base", ["A", "B"], [0, 1], new Dictionary<string, double>(), false),
                new ReorderStep("Diversity", ["B", "A"], [1, 0], new Dictionary<string, double> { ["Diversity"] = 0.9 }, true),
            ],
            WalkNote = "A user.",
        };
    }

    [GeneratedRegex("<svg viewBox=\"0 0 (?<width>[0-9.]+) (?<height>[0-9.]+)\".*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex("<text x=\"(?<x>[0-9.]+)\" y=\"(?<y>[0-9.]+)\" font-size=\"10\"[^>]*>(?<words>[^<]*)</text>")]
    private static partial Regex Text();

    [GeneratedRegex("<circle cx=\"(?<x>[0-9.]+)\" cy=\"(?<y>[0-9.]+)\"")]
    private static partial Regex Point();
}
