namespace Palate.Tests;

public sealed class HtmlPlotsTests
{
    [Fact]
    public void A_page_of_plots_names_dots_draws_lines_and_escapes_texts()
    {
        var plot = new Plot("Quality <b>", "by tokens", "tokens", [
            new Plot.Curve("ours", "s0", [(1, .5), (10, .7), (100, .8)]),
            new Plot.Curve("theirs", "other", [(50, .6)]),
            new Plot.Curve("others", "other", [(50, .6)])])
        {
            Marks = [1, 10, 100],
            IsLogarithmic = true,
        };

        string page = HtmlReport.Render("Curves", "What & why", [("First", "A note", [plot])]);

        Assert.Contains("What &amp; why", page, StringComparison.Ordinal);
        Assert.Contains("Quality &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Equal(5, page.Split("<circle ").Length - 1);
        Assert.Single(page.Split("<polyline ").Skip(1));
        Assert.Contains(">theirs</text>", page, StringComparison.Ordinal);
        Assert.Contains(">others</text>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">ours</text>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_curve_is_drawn_all_the_same()
    {
        var plot = new Plot("Flat", "", "x", [new Plot.Curve("flat", "s0", [(0, .5), (1, .5)])]) { Marks = [0, 1] };

        string page = HtmlReport.Render("Curves", "", [("First", "", [plot])]);

        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("<polyline ", page, StringComparison.Ordinal);
    }
}
