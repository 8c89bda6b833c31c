using System.Text;

namespace Palate.Tests;

public sealed class MovieLens100KTests
{
    private const string ToyStory = "1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n";
    private const string Leon = "2|Léon|14-Apr-1994||http://y|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|1|0|0\n";

    [Fact]
    public void Reads_items_users_and_ratings()
    {
        using DataFiles files = Small();
        Dataset data = Dataset.Load(new MovieLens100K(files.Path), new ImportReport(clock: new ManualTime()));

        Assert.Equal(["1", "2", "3"], data.Catalog.Ids.Ids);
        Item toyStory = data.Catalog.Items[0];
        Assert.Equal("Toy Story (1995)", toyStory.Title);
        Assert.Equal(["Animation", "Children's", "Comedy"], toyStory.Attributes["genre"]);
        Assert.Equal(["1995"], toyStory.Attributes["year"]);
        Assert.Equal(788_918_400, toyStory.AddedAt);
        Assert.Equal("Léon", data.Catalog.Items[1].Title);
        Assert.Equal(["1994"], data.Catalog.Items[1].Attributes["year"]);
        Assert.Equal("3", data.Catalog.Items[2].Title);
        Assert.Equal(["writer"], data.Users[0].Attributes["occupation"]);
        Assert.Equal(["7", "8"], data.UserIds.Ids);
        Assert.Equal([0, 1], data.Interactions.Row(0).ToArray());
        Assert.Equal([3f, 5f], data.Interactions.RowValues(0).ToArray());
        Assert.Equal([2], data.Interactions.Row(1).ToArray());
        Assert.Equal(["rating"], data.Events.TypeNames);
    }

    [Fact]
    public void A_named_split_gives_its_base_and_its_test_rows()
    {
        using DataFiles files = Small().With("ua.base", "7\t1\t3\t881250949\n").With("ua.test", "7\t2\t5\t881250950\n");

        Dataset split = Dataset.Load(new MovieLens100K(files.Path, "ua"));
        Assert.Equal(1, split.Events.Count);
        Assert.Equal([1], split.HeldOut("ua").Items);

        Dataset all = Dataset.Load(new MovieLens100K(files.Path));
        Assert.Equal(3, all.Events.Count);
        Assert.Equal(["ua"], all.Splits);
        Assert.Equal([0, 2], all.Without("ua").Events.Items);
        Assert.Throws<ArgumentException>(() => all.HeldOut("ub"));
    }

    [Theory]
    [InlineData("7\t1\tNaN\t881250949", "finite")]
    [InlineData("7\t1\tInfinity\t881250949", "finite")]
    [InlineData("7\t1\t1e99\t881250949", "finite")]
    [InlineData("7\t1\t3\t-5", "before 1970")]
    [InlineData("7\t1\t3\tyesterday", "neither")]
    [InlineData("7\t1\t3\t1775001601", "future")]
    [InlineData("7\t1\t3\t881250949000", "milliseconds")]
    [InlineData("7\t1\t3", "fields")]
    [InlineData("7\t1\t\t881250949", "rating is empty")]
    [InlineData("\t1\t3\t881250949", "user id is empty")]
    [InlineData("7\t1\t3\t881250949\t9\t9\t9", "fields")]
    public void A_bad_row_is_skipped_with_its_place_and_reason(string row, string reason)
    {
        using DataFiles files = Small().With("u.data", $"7\t2\t5\t881250950\n{row}\n8\t2\t5\t881250950\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 }, new ManualTime());
        Dataset data = Dataset.Load(new MovieLens100K(files.Path), report);

        Assert.Equal(2, data.Events.Count);
        BadRow bad = Assert.Single(report.FirstBad);
        Assert.Equal(("u.data", 2), (bad.File, bad.Line));
        Assert.Contains(reason, bad.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_of_513_characters_is_bad_and_one_of_512_is_good()
    {
        string longest = new('x', 512);
        using DataFiles files = Small().With("u.data", $"{longest}\t1\t3\t1\n{longest}x\t1\t3\t1\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new MovieLens100K(files.Path), report);

        Assert.Equal(longest, data.UserIds[Assert.Single(data.Events.Users)]);
        Assert.Equal(1, report.Bad);
    }

    [Fact]
    public void Too_many_bad_rows_fail_with_the_file_the_reasons_and_the_remedy()
    {
        using DataFiles files = Small().With("u.data", "7\t1\t3\t881250949\n" + string.Concat(Enumerable.Repeat("x\n", 30)));
        var report = new ImportReport();
        var error = Assert.Throws<ImportException>(() => Dataset.Load(new MovieLens100K(files.Path), report));

        Assert.Contains("u.data: 30 of 31 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("u.data:2: 1 fields", error.Message, StringComparison.Ordinal);
        Assert.Contains("--max-bad", error.Message, StringComparison.Ordinal);
        Assert.Equal(20, report.FirstBad.Count);
        Assert.Equal(30, report.Bad);
        Assert.Same(report, error.Report);
    }

    [Fact]
    public void A_missing_file_is_named_with_the_layout_and_an_empty_one_too()
    {
        using DataFiles files = new DataFiles().With("u.item", ToyStory, Encoding.Latin1).With("u.user", "7|1|M|x|0");
        string missing = Assert.Throws<ImportException>(() => Dataset.Load(new MovieLens100K(files.Path))).Message;
        Assert.Contains("no file u.data", missing, StringComparison.Ordinal);
        Assert.Contains("u.item", missing, StringComparison.Ordinal);

        files.With("u.data", "\n\n");
        string empty = Assert.Throws<ImportException>(() => Dataset.Load(new MovieLens100K(files.Path))).Message;
        Assert.Contains("u.data", empty, StringComparison.Ordinal);
        Assert.Contains("is empty", empty, StringComparison.Ordinal);

        string nowhere = Path.Combine(files.Path, "nowhere");
        string noFolder = Assert.Throws<ImportException>(() => Dataset.Load(new MovieLens100K(nowhere))).Message;
        Assert.Contains($"no folder {nowhere}", noFolder, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzipped_files_windows_line_ends_and_a_missing_last_line_end_read_the_same()
    {
        const string Rows = "7\t1\t3\t881250949\n7\t2\t5\t881250950\n8\t3\t1\t881250951\n";
        using DataFiles plain = Small();
        using DataFiles packed = Small();
        File.Delete(Path.Combine(packed.Path, "u.data"));
        packed.With("u.data.gz", Rows.Replace("\n", "\r\n", StringComparison.Ordinal).TrimEnd());

        Assert.Equal(
            Dataset.Load(new MovieLens100K(plain.Path)).Hash, Dataset.Load(new MovieLens100K(packed.Path)).Hash);
    }

    [Fact]
    public void A_damaged_gzip_file_is_named()
    {
        using DataFiles files = Small();
        File.Delete(Path.Combine(files.Path, "u.data"));
        File.WriteAllBytes(Path.Combine(files.Path, "u.data.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]);
        var error = Assert.Throws<ImportException>(() => Dataset.Load(new MovieLens100K(files.Path)));
        Assert.Contains("u.data is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_item_described_twice_the_last_counts_and_a_note_says_so()
    {
        using DataFiles files = Small().With(
            "u.item", ToyStory + ToyStory.Replace("Toy Story", "Toys", StringComparison.Ordinal), Encoding.Latin1);
        var report = new ImportReport();
        Dataset data = Dataset.Load(new MovieLens100K(files.Path), report);

        Assert.Equal("Toys (1995)", data.Catalog.Items[0].Title);
        Assert.Equal(1, report.Notes[ImportReport.RepeatedItem]);
    }

    [Fact]
    public void A_line_without_end_is_one_bad_row()
    {
        using DataFiles files = Small().With("u.data", new string('9', 17 * 1024 * 1024) + "\n7\t1\t3\t881250949\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new MovieLens100K(files.Path), report);

        Assert.Equal(1, data.Events.Count);
        Assert.Equal(1, report.FirstBad.Single().Line);
    }

    [Fact]
    public void The_published_data_set_reads_whole()
    {
        string folder = TestData.Folder("ml-100k");
        var report = new ImportReport();
        Dataset data = Dataset.Load(new MovieLens100K(folder), report);

        Assert.Equal(0, report.Bad);
        Assert.Equal((1682, 943, 100_000), (data.Catalog.Count, data.Users.Count, data.Events.Count));
        Assert.Equal(["ua"], data.Splits);
        Assert.Equal(9430, data.HeldOut("ua").Count);
        Assert.Equal(90_570, data.Without("ua").Interactions.Count);
        Assert.Equal(19, data.Catalog.Attribute("genre")!.Values.Count);
        Assert.Equal(1681, data.Catalog.Items.Count(item => item.Attributes.ContainsKey("year")));
        Assert.Equal(90_570, Dataset.Load(new MovieLens100K(folder, "ua")).Events.Count);
    }

    private static DataFiles Small() => new DataFiles()
        .With("u.item", ToyStory + Leon, Encoding.Latin1)
        .With("u.user", "7|30|F|writer|12345\n")
        .With("u.data", "7\t1\t3\t881250949\n7\t2\t5\t881250950\n8\t3\t1\t881250951\n");
}
