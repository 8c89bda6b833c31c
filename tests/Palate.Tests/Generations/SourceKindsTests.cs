namespace Palate.Tests;

public sealed class SourceKindsTests
{
    [Theory]
    [InlineData("nope")]
    [InlineData("ALS")]
    [InlineData("popularity")]
    [InlineData("text")]
    public void A_serving_source_that_is_none_is_refused_with_those_there_are(string name)
    {
        var options = new RetrievalOptions { Sources = ["als", name] };

        ArgumentException wrong = Assert.Throws<ArgumentException>(options.Validate);

        Assert.StartsWith($"retrieval.sources names '{name}'; give some of als, ease, ease-side, slim", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_of_a_source_that_is_none_is_refused()
    {
        var options = new RetrievalOptions { Weights = new Dictionary<string, float> { ["bm25"] = 2 } };

        ArgumentException wrong = Assert.Throws<ArgumentException>(options.Validate);

        Assert.StartsWith("retrieval.weights names 'bm25'; there are als, ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_names_what_it_fits_and_reads_what_it_writes()
    {
        Generation generation = SmallWorld.Train();
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        generation.Sources.Save(writer);
        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);

        var loaded = SourceSet.Load(reader, generation.Options);

        Assert.Equal(SourceKinds.All.Count, SourceKinds.All.Select(kind => kind.Name).Distinct().Count());
        Assert.Equal(generation.Sources.Select(source => source.Name), loaded.Select(source => source.Name));
        Assert.All(loaded, source => Assert.NotNull(SourceKinds.Find(source.Name)));
        Assert.Equal("ease", SourceKinds.Find("edlae")!.Name);
        Assert.Equal(bytes.Length, bytes.Position);
    }
}
