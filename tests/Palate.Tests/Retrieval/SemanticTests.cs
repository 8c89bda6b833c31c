namespace Palate.Tests;

public sealed class SemanticTests
{
    // Two groups of items: 0-2 point along x, 3-5 along y; 6 has no vector.
    private static readonly ItemVectors Vectors = new(
        2, [1, 0, 0.96f, 0.28f, 0.8f, 0.6f, 0, 1, 0.28f, 0.96f, 0.6f, 0.8f, 0, 0]);

    [Fact]
    public void Items_that_point_the_way_of_the_history_come_first()
    {
        Assert.Equal([1, 2, 5, 4, 3], Found(new Semantic(Vectors), Liked(0), block: [0, 6]));
        Assert.Equal([4, 5, 2, 1, 0], Found(new Semantic(Vectors), Liked(3), block: [3, 6]));
    }

    [Fact]
    public void Centred_values_push_away_from_what_was_rated_low()
    {
        Profile profile = Profile.OfEvents(-1, [0, 3], [1, 5], [0, 0]);
        var options = new SemanticOptions { CentreValues = true };
        Assert.Equal(3, Found(new Semantic(Vectors, options: options), profile, block: [])[0]);
        Assert.Equal(0, Found(new Semantic(Vectors, options: options), profile, block: [6])[^1]);

        Profile even = Profile.OfEvents(-1, [0, 1], [4, 4], [0, 0]);
        Assert.Equal([0, 1], Found(new Semantic(Vectors, options: options), even, block: [])[..2].Order());
    }

    [Fact]
    public void Recency_lets_the_newest_interaction_win()
    {
        Profile profile = Profile.OfEvents(-1, [0, 3], [5, 1], [0, 100 * 86_400]);
        Assert.Equal(0, Found(new Semantic(Vectors), profile, block: [1, 2, 4, 5])[0]);
        var options = new SemanticOptions { HalfLifeDays = 10 };
        Assert.Equal(3, Found(new Semantic(Vectors, options: options), profile, block: [1, 2, 4, 5])[0]);
    }

    [Fact]
    public void Nothing_to_go_by_proposes_nothing()
    {
        var semantic = new Semantic(Vectors);
        Profile nobody = Profile.OfEvents(-1, [], [], []);
        Assert.Empty(Found(semantic, nobody, block: []));
        Assert.Empty(Found(semantic, Liked(6), block: []));
        using var context = new RetrievalContext(nobody, new ItemFilter(7));
        float[] scores = [9];
        semantic.Score(context, [2], scores);
        Assert.Equal(0, scores[0]);
    }

    [Fact]
    public void A_query_alone_finds_related_texts_and_outweighs_the_history()
    {
        string[] texts = ["moon rocket", "rocket star", "star moon", "sauce oven", "oven flour", "flour sauce"];
        TextEmbedding embedding = TextEmbedding.Fit(texts, new TextEmbeddingOptions { Dimensions = 4 });
        var semantic = new Semantic(embedding.EmbedAll(texts), embedding);
        Profile nobody = Profile.OfEvents(-1, [], [], []);
        Assert.Equal([0, 1, 2], Found(semantic, nobody, block: [], "moon rocket")[..3].Order());
        Assert.Equal([4, 5], Found(semantic, Liked(0), block: [], "flour")[..2].Order());
        Assert.Equal([1, 2], Found(semantic, Liked(0), block: [0], "zzz")[..2].Order());
    }

    [Fact]
    public void Proposals_carry_the_scores_that_are_given_on_request()
    {
        var random = new SeededRandom(12);
        var vectors = new ItemVectors(20, VectorScanTests.Normal(random, 20 * 500));
        var semantic = new Semantic(vectors);
        using var context = new RetrievalContext(
            Profile.OfEvents(-1, [3, 77, 400], [5, 2, 3], [1, 2, 3]), new ItemFilter(500));
        var found = new ScoredItem[60];
        Assert.Equal(60, semantic.Propose(context, found));
        float[] scores = new float[60];
        semantic.Score(context, [.. found.Select(item => item.Item)], scores);
        Assert.Equal(found.Select(item => item.Score), scores);
    }

    [Fact]
    public void A_large_catalog_is_searched_exactly()
    {
        const int items = 250_050;
        var random = new SeededRandom(3);
        var vectors = new ItemVectors(4, VectorScanTests.Normal(random, 4 * items));
        Profile profile = Profile.OfEvents(-1, [3, 77, 400], [5, 2, 3], [1, 2, 3]);
        using var context = new RetrievalContext(profile, new ItemFilter(items));
        context.Filter.Block([3, 77, 400]);
        var semantic = new Semantic(vectors);
        float[] wanted = new float[4];
        Assert.True(semantic.TryRead(context, wanted));
        var expected = new ScoredItem[20];
        VectorScan.Select(wanted, vectors, context.Filter, expected);
        var found = new ScoredItem[20];
        Assert.Equal(20, semantic.Propose(context, found));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Vectors_are_saved_and_loaded_and_a_damaged_file_is_refused()
    {
        byte[] bytes = Files.Save(Vectors.Save);
        Assert.Equal(Vectors.Data, Files.Load(bytes, ItemVectors.Load).Data);
        Assert.Throws<InvalidDataException>(() => Files.Load(bytes[..3], ItemVectors.Load));
        Assert.Throws<InvalidDataException>(() => Files.Load(bytes[..^1], ItemVectors.Load));
        bytes[0] = 0;
        Assert.Throws<InvalidDataException>(() => Files.Load(bytes, ItemVectors.Load));
    }

    private static Profile Liked(int item) => Profile.OfEvents(-1, [item], [5], [0]);

    private static int[] Found(Semantic semantic, Profile profile, int[] block, string? query = null)
    {
        using var context = new RetrievalContext(profile, new ItemFilter(semantic.Vectors.Count), query);
        context.Filter.Block(block);
        var found = new ScoredItem[10];
        int count = semantic.Propose(context, found);
        return [.. found[..count].Select(item => item.Item)];
    }
}
