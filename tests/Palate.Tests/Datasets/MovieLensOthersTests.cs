using System.Text;

namespace Palate.Tests;

public sealed class MovieLensOthersTests
{
    [Fact]
    public void Reads_the_one_million_format()
    {
        using DataFiles files = OneMillion().With("ratings.dat", "1::10::5::978300760\n2::20::3::978300761\n1:10:5:9\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new MovieLens1M(files.Path), report);

        Assert.Equal("Café (1998)", data.Catalog.Items[0].Title);
        Assert.Equal(["Comedy", "Drama"], data.Catalog.Items[0].Attributes["genre"]);
        Assert.Equal(["1998"], data.Catalog.Items[0].Attributes["year"]);
        Assert.Equal(["K-12 student"], data.Users[0].Attributes["occupation"]);
        Assert.Equal([5f, 3f], data.Events.Values);
        Assert.Equal(3, Assert.Single(report.FirstBad).Line);
        Assert.Empty(data.Splits);
    }

    [Fact]
    public void Reads_the_implicit_folder_by_its_maps()
    {
        using DataFiles files = OneMillion()
            .With("implicit/user_map.txt", "1 0\n2 1\n")
            .With("implicit/item_map.txt", "20 0\n10 1\n")
            .With("implicit/train.txt", "0 1 0\n1 0\n")
            .With("implicit/test.txt", "1 1 99\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new MovieLens1M(files.Path), report);

        Assert.Equal([0, 1], data.Interactions.Row(0).ToArray());
        Assert.Equal([1], data.Interactions.Row(1).ToArray());
        Assert.Equal([0], data.HeldOut("implicit").Items);
        Assert.Contains("'99'", Assert.Single(report.FirstBad).Reason, StringComparison.Ordinal);
        Assert.Contains(report.Notes.Keys, note => note.StartsWith("ratings.dat is not there", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => new MovieLens1M(files.Path, "ua"));
    }

    [Fact]
    public void Reads_the_csv_editions_with_tags()
    {
        using DataFiles files = new DataFiles()
            .With("movies.csv", "movieId,title,genres\n1,\"Usual Suspects, The (1995)\",Crime|Mystery\n2,\"\"\"X\"\"\",(no genres listed)\n")
            .With("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.5,964982703\n1,2,,964982703\n")
            .With("tags.csv", "userId,movieId,tag,timestamp\n1,1,Twist,5\n2,1,noir,5\n3,1,noir,6\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new MovieLensLatest(files.Path), report);

        Assert.Equal("Usual Suspects, The (1995)", data.Catalog.Items[0].Title);
        Assert.Equal(["noir", "twist"], data.Catalog.Items[0].Attributes["tag"]);
        Assert.Equal(["Crime", "Mystery"], data.Catalog.Items[0].Attributes["genre"]);
        Assert.Equal("\"X\"", data.Catalog.Items[1].Title);
        Assert.Empty(data.Catalog.Items[1].Attributes);
        Assert.Equal([4.5f], data.Events.Values);
        Assert.Equal(3, Assert.Single(report.FirstBad).Line);
    }

    [Fact]
    public void The_published_million_reads_whole()
    {
        var report = new ImportReport();
        Dataset data = Dataset.Load(new MovieLens1M(TestData.Folder("ml-1m"), MovieLens1M.ImplicitSplit), report);
        Assert.Equal(0, report.Bad);
        Assert.Equal((3883, 6040, 801_218), (data.Catalog.Count, data.Users.Count, data.Events.Count));
        Assert.Equal(197_321, data.HeldOut("implicit").Count);
        Assert.Equal(801_218, data.Without("implicit").Events.Count);
    }

    [Fact]
    public void The_published_latest_small_reads_whole()
    {
        var report = new ImportReport();
        Dataset data = Dataset.Load(new MovieLensLatest(TestData.Folder("ml-latest-small")), report);
        Assert.Equal(0, report.Bad);
        Assert.Equal((9742, 610, 100_836), (data.Catalog.Count, data.Users.Count, data.Events.Count));
        Assert.Equal(1572, data.Catalog.Items.Count(item => item.Attributes.ContainsKey("tag")));
    }

    private static DataFiles OneMillion() => new DataFiles()
        .With("movies.dat", "10::Café (1998)::Comedy|Drama\n20::Two::Action\n", Encoding.Latin1)
        .With("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n");
}
