namespace Palate.Tests;

public sealed class RecBoleAtomicTests
{
    private const string Inter = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t10\t4.5\t1751328000.0\n2\t20\t3\t5\n";

    [Fact]
    public void Reads_interactions_items_users_and_facts()
    {
        using DataFiles files = new DataFiles()
            .With("tiny.inter", Inter)
            .With("tiny.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\tvec:float_seq\tyear:token\n10\tToy Story\tComedy Drama\t1 2\t1995\n")
            .With("tiny.user", "user_id:token\tage:token\n1\t24\n")
            .With("tiny.link", "item_id:token\tentity_id:token\n10\tm.1\n")
            .With("tiny.kg", "head_id:token\trelation_id:token\ttail_id:token\nm.1\tfilm.director\tm.7\nm.9\tfilm.director\tm.8\n");
        Dataset data = Dataset.Load(new RecBoleAtomic(files.Path));

        Item item = data.Catalog.Items[0];
        Assert.Equal("Toy Story", item.Title);
        Assert.Equal(["Comedy", "Drama"], item.Attributes["class"]);
        Assert.Equal(["1995"], item.Attributes["year"]);
        Assert.Equal(["m.7"], item.Attributes["film.director"]);
        Assert.Equal(["class", "film.director", "year"], item.Attributes.Keys.Order());
        Assert.Equal(["24"], data.Users[0].Attributes["age"]);
        Assert.Equal([1_751_328_000, 5], data.Events.Times);
        Assert.Equal([4.5f, 3f], data.Events.Values);
        Assert.Equal(["rating"], data.Events.TypeNames);
        Assert.Empty(data.Splits);
    }

    [Fact]
    public void Benchmark_files_are_splits()
    {
        using DataFiles files = new DataFiles()
            .With("tiny.train.inter", Inter)
            .With("tiny.valid.inter", "user_id:token\titem_id:token\n1\t20\n")
            .With("tiny.test.inter.gz", "user_id:token\titem_id:token\n1\t30\nbad\n");
        var report = new ImportReport(new ImportOptions { MaxBadShare = 0.5 });
        Dataset data = Dataset.Load(new RecBoleAtomic(files.Path, "tiny"), report);

        Assert.Equal(2, data.Events.Count);
        Assert.Equal(["test", "valid"], data.Splits);
        Assert.Equal([2], data.HeldOut("test").Items);
        Assert.Equal(3, Assert.Single(report.FirstBad).Line);
    }

    [Fact]
    public void A_folder_with_no_or_several_data_sets_or_without_a_header_is_refused()
    {
        using var files = new DataFiles();
        Assert.Throws<ImportException>(() => Dataset.Load(new RecBoleAtomic(files.Path)));
        files.With("a.inter", "1\t2\n");
        string header = Assert.Throws<ImportException>(() => Dataset.Load(new RecBoleAtomic(files.Path))).Message;
        Assert.Contains("user_id", header, StringComparison.Ordinal);
        files.With("b.inter", Inter);
        string several = Assert.Throws<ImportException>(() => Dataset.Load(new RecBoleAtomic(files.Path))).Message;
        Assert.Contains("a, b", several, StringComparison.Ordinal);
    }
}
