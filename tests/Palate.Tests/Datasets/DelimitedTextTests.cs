namespace Palate.Tests;

public sealed class DelimitedTextTests
{
    private const string Map = "user=customer_id,item=sku,value=qty,time=ts,type=event";
    private const string Header = "ts,customer_id,event,sku,qty\n";

    [Fact]
    public void Columns_are_found_by_their_meaning()
    {
        using DataFiles files = new DataFiles().With(
            "e.csv", Header + "2025-07-01T00:00:00Z,c1,view,s1,2\n1751328001,\"c\"\"2\",,\"s,2\",\n");
        Dataset data = Load(files);

        Assert.Equal(["c1", "c\"2"], data.UserIds.Ids);
        Assert.Equal(["s1", "s,2"], data.Catalog.Ids.Ids);
        Assert.Equal([2f, 1f], data.Events.Values);
        Assert.Equal([1_751_328_000, 1_751_328_001], data.Events.Times);
        Assert.Equal(["view", "interaction"], data.Events.TypeNames);
    }

    [Fact]
    public void A_quoted_field_may_go_over_lines_and_other_delimiters_work_gzipped()
    {
        using DataFiles files = new DataFiles().With("e.csv.gz", "user;item\r\nu1;\"two\r\nlines\"\r\nu2;b\r\n");
        string path = Path.Combine(files.Path, "e.csv");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.9 });
        Dataset.Load(new DelimitedText(path, "user=user,item=item", ';'), report);

        Assert.Equal(1, report.Good);
        Assert.Contains("control character", Assert.Single(report.FirstBad).Reason, StringComparison.Ordinal);
        Assert.Equal(2, report.FirstBad[0].Line);
    }

    [Theory]
    [InlineData("1,\"c2,view,s2,1\n", "not closed")]
    [InlineData("1,\"c2\"x,view,s2,1\n", "closing quote")]
    [InlineData("1,c2,view,s2\n", "4 fields")]
    [InlineData("1,c2,view,s2,1,\n", "6 fields")]
    [InlineData("1,c2,view,,1\n", "item id is empty")]
    [InlineData("1,c2,view,s2,x\n", "finite")]
    public void A_stray_quote_or_a_broken_row_costs_one_row(string row, string reason)
    {
        string rest = string.Concat(Enumerable.Range(0, 300).Select(n => $"{n},u{n},view,\"s{n}\",1\n"));
        using DataFiles files = new DataFiles().With("e.csv", Header + "0,c1,view,s1,1\n" + row + rest);
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.01 });
        Dataset data = Load(files, report);

        Assert.Equal(301, data.Events.Count);
        BadRow bad = Assert.Single(report.FirstBad);
        Assert.Equal(3, bad.Line);
        Assert.Contains(reason, bad.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named_with_those_that_are_there()
    {
        using DataFiles files = new DataFiles().With("e.csv", "a,b\n1,2\n");
        string message = Assert.Throws<ImportException>(() => Load(files)).Message;
        Assert.Contains("'customer_id'", message, StringComparison.Ordinal);
        Assert.Contains("a, b", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user=a")]
    [InlineData("user=a,item")]
    [InlineData("user=a,item=b,colour=c")]
    [InlineData("user=a,user=b,item=c")]
    public void A_map_of_another_form_is_refused(string map) =>
        Assert.Throws<ArgumentException>(() => new DelimitedText("e.csv", map));

    [Fact]
    public void Empty_and_missing_files_are_named()
    {
        using DataFiles files = new DataFiles().With("e.csv", "");
        Assert.Contains("is empty", Assert.Throws<ImportException>(() => Load(files)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(files.Path, "e.csv"));
        Assert.Contains("no file e.csv", Assert.Throws<ImportException>(() => Load(files)).Message, StringComparison.Ordinal);
    }

    private static Dataset Load(DataFiles files, ImportReport? report = null) =>
        Dataset.Load(new DelimitedText(Path.Combine(files.Path, "e.csv"), Map), report);
}
