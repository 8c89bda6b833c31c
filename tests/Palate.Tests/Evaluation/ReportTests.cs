using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Palate.Tests;

public sealed class ReportTests
{
    private const string Hostile = "<script>alert(\"x\")</script> & 'y'";

    [Fact]
    public void Text_is_aligned_and_shows_every_row_and_metric()
    {
        EvaluationReport report = Report();

        string[] lines = TextReport.Render(report).Split('\n');

        int header = Array.FindIndex(lines, line => line.Contains("recall@5", StringComparison.Ordinal));
        string[] table = lines[header..(header + 7)];
        Assert.All(table, line => Assert.Equal(table[0].Length, line.Length));
        Assert.StartsWith("chance", table[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("oracle of the catalog", StringComparison.Ordinal));
        Assert.All(report.Metrics, metric => Assert.Contains(lines, line => line.Contains(metric, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("against", StringComparison.Ordinal));
        Assert.All(lines[header..], line => Assert.True(line.Length <= 120));
    }

    [Fact]
    public void Text_json_and_html_do_not_depend_on_the_culture()
    {
        EvaluationReport report = Report();
        (string, string, string) before = (TextReport.Render(report), JsonReport.Render(report), HtmlReport.Render(report));
        CultureInfo kept = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(before, (TextReport.Render(report), JsonReport.Render(report), HtmlReport.Render(report)));
        }
        finally
        {
            CultureInfo.CurrentCulture = kept;
        }
    }

    [Fact]
    public void Json_has_stages_with_names_and_metrics_by_name()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(Report()));

        JsonElement root = json.RootElement;
        JsonElement stage = root.GetProperty("stages")[0];
        Assert.Equal("first", stage.GetProperty("name").GetString());
        Assert.InRange(stage.GetProperty("metrics").GetProperty("ndcg@5").GetDouble(), 0.01, 1);
        Assert.True(stage.GetProperty("intervals").GetProperty("ndcg@5").TryGetProperty("low", out _));
        Assert.Equal(3, root.GetProperty("users").GetInt32());
        Assert.Equal(64, root.GetProperty("data_hash").GetString()!.Length);
        Assert.Equal("chance", root.GetProperty("references")[0].GetProperty("name").GetString());
        JsonElement comparison = root.GetProperty("comparisons")[0];
        foreach (string name in new[] { "baseline", "stage", "metric", "difference", "low", "high", "p_value", "significant" })
        {
            Assert.True(comparison.TryGetProperty(name, out _), name);
        }

        Assert.True(root.GetProperty("environment").GetProperty("processors").GetInt32() > 0);
        Assert.True(root.GetProperty("peak_memory").GetInt64() > 0);
        Assert.Empty(stage.GetProperty("per_user").EnumerateObject());
    }

    [Fact]
    public void Json_reads_back_with_the_values_of_each_user()
    {
        EvaluationReport report = Report();
        using var buffer = new MemoryStream();
        JsonReport.Write(buffer, report, perUser: true);
        buffer.Position = 0;

        EvaluationReport read = JsonReport.Read(buffer);

        Assert.Equal(report.UserRows, read.UserRows);
        Assert.Equal(report.Comparisons, read.Comparisons);
        Assert.Equal(report.Environment, read.Environment);
        Assert.Equal(report.Time, read.Time);
        for (int stage = 0; stage < report.Stages.Count; stage++)
        {
            Assert.Equal(report.Stages[stage].Metrics, read.Stages[stage].Metrics);
            Assert.Equal(report.Stages[stage].PerUser, read.Stages[stage].PerUser);
            Assert.Equal(report.Stages[stage].Intervals, read.Stages[stage].Intervals);
            Assert.Equal(report.Stages[stage].NdcgCurve, read.Stages[stage].NdcgCurve);
        }

        Assert.Equal(HtmlReport.Render(report), HtmlReport.Render(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"title\":3}")]
    [InlineData("{\"title\":\"x\"}")]
    public void What_is_no_report_is_refused(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        Assert.Throws<InvalidDataException>(() => JsonReport.Read(stream));
    }

    [Fact]
    public void Html_escapes_every_text_and_loads_nothing()
    {
        string page = HtmlReport.Render(Report(Hostile));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Html_is_well_formed_whatever_the_number_of_stages(int stages)
    {
        string page = HtmlReport.Render(Report(Hostile, stages));

        // As XML, once the void elements and named entities of HTML are rewritten.
        string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        var xml = XElement.Parse(body.Replace("&ndash;", "-", StringComparison.Ordinal));
        Assert.Equal(stages, xml.Descendants("tr").Count(row => (string?)row.Attribute("class") == "stage") / 2);
        Assert.Equal(stages < 2 ? 3 : 4, xml.Descendants("figure").Count());
        Assert.DoesNotMatch(new Regex("NaN|Infinity|\u221e"), page);
    }

    [Fact]
    public void Time_comes_from_the_given_clock()
    {
        var report = Report();

        Assert.Equal(new ManualTime().GetUtcNow(), report.Time);
        Assert.Equal(0, report.Seconds);
        Assert.Contains("2026-03-31 00:00:00 UTC", HtmlReport.Render(report), StringComparison.Ordinal);
    }

    /// <summary>Three users and eight items; stage n ranks the items from n on.</summary>
    private static EvaluationReport Report(string name = "", int stages = 2)
    {
        InteractionMatrix all = InteractionMatrix.Build(
            3,
            8,
            [0, 0, 0, 1, 1, 1, 2, 2],
            [0, 1, 2, 0, 3, 4, 0, 5],
            [1, 1, 1, 1, 1, 1, 1, 1],
            [1, 2, 3, 1, 2, 3, 1, 2]);
        Split split = Split.LeaveLastOut(all);
        string[] words = ["first", "second"];
        EvaluationStage[] list =
        [
            .. Enumerable.Range(0, stages).Select(stage => new EvaluationStage(
                (stage < 2 ? words[stage] : $"stage {stage}") + name,
                (user, destination) => Rotated(split, user, stage, destination))),
        ];
        var options = new EvaluatorOptions { Title = "A title" + name, Generation = name, Resamples = 100 };
        return new Evaluator(split, options, new ManualTime()).Run(list);
    }

    private static int Rotated(Split split, int user, int by, Span<int> destination)
    {
        int count = 0;
        for (int place = 0; place < 8; place++)
        {
            int item = (place + by) % 8;
            if (split.Train.Row(user).BinarySearch(item) < 0)
            {
                destination[count++] = item;
            }
        }

        return count;
    }
}
