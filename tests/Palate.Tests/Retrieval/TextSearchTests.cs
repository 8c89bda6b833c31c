namespace Palate.Tests;

public sealed class TextSearchTests
{
    private static readonly Catalog Films = new(
    [
        new Item("a") { Title = "The Matrix", Text = "A hacker learns that the world is a simulation." },
        new Item("b") { Title = "Alien", Text = "A crew meets a hostile creature in space, far from any matrix." },
        new Item("c") { Title = "Heat", Text = "A thief and a detective in Los Angeles." },
        new Item("d") { Title = "Space Jam", Text = "Basketball with cartoons." },
        new Item("e"),
    ]);

    [Fact]
    public void A_term_in_the_title_beats_the_same_term_in_the_text()
    {
        Assert.Equal([0, 1], Found(TextSearch.Fit(Films), "matrix"));
        Assert.Equal([3, 1], Found(TextSearch.Fit(Films), "SPACE!"));
    }

    [Fact]
    public void An_item_that_matches_more_terms_comes_first()
    {
        Assert.Equal(1, Found(TextSearch.Fit(Films), "hostile creatures in space")[0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("zzz unknown?")]
    public void Without_a_matching_term_nothing_is_proposed(string? query)
    {
        Assert.Empty(Found(TextSearch.Fit(Films), query));
        float[] scores = [1, 1];
        using RetrievalContext context = Ask(query);
        TextSearch.Fit(Films).Score(context, [0, 4], scores);
        Assert.Equal([0, 0], scores);
    }

    [Fact]
    public void The_score_is_the_formula_of_BM25()
    {
        // One field only, so that the pooled count is the plain count.
        Catalog catalog = new(
        [
            new Item("x") { Text = "red red blue" },
            new Item("y") { Text = "red" },
            new Item("z") { Text = "green blue" },
        ]);
        TextSearch search = TextSearch.Fit(catalog, new TextSearchOptions { Saturation = 1.2, LengthPenalty = 0.75 });
        using var context = new RetrievalContext(Nobody, new ItemFilter(3), "red");
        float[] scores = new float[3];
        search.Score(context, [0, 1, 2], scores);

        double idf = Math.Log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        double tf = 2 / (1 - 0.75 + 0.75 * 3 / 2.0);
        Assert.Equal(idf * tf * 2.2 / (1.2 + tf), scores[0], 5);
        tf = 1 / (1 - 0.75 + 0.75 * 1 / 2.0);
        Assert.Equal(idf * tf * 2.2 / (1.2 + tf), scores[1], 5);
        Assert.Equal(0, scores[2]);
    }

    [Fact]
    public void Blocked_items_do_not_take_a_place()
    {
        using RetrievalContext context = Ask("matrix");
        context.Filter.Block(0);
        var found = new ScoredItem[1];
        Assert.Equal(1, TextSearch.Fit(Films).Propose(context, found));
        Assert.Equal(1, found[0].Item);
    }

    [Fact]
    public void Proposals_are_in_order_and_agree_with_the_scores()
    {
        var random = new SeededRandom(5);
        Catalog catalog = new([.. Enumerable.Range(0, 300).Select(number => new Item($"i{number}")
        {
            Title = $"word{random.Next(20)}",
            Text = string.Join(' ', Enumerable.Range(0, random.Next(30)).Select(_ => $"word{random.Next(60)}")),
        })]);
        TextSearch search = TextSearch.Fit(catalog);
        for (int round = 0; round < 20; round++)
        {
            using var context = new RetrievalContext(
                Nobody, new ItemFilter(300), $"word{random.Next(60)} word{random.Next(60)}");
            var found = new ScoredItem[40];
            int count = search.Propose(context, found);
            float[] scores = new float[300];
            search.Score(context, [.. Enumerable.Range(0, 300)], scores);
            int[] expected = [.. Enumerable.Range(0, 300)
                .Where(item => scores[item] > 0)
                .OrderByDescending(item => scores[item])
                .ThenBy(item => item)
                .Take(40)];
            Assert.Equal(expected, found[..count].Select(item => item.Item));
            Assert.All(found[..count], item => Assert.Equal(scores[item.Item], item.Score));
        }
    }

    [Fact]
    public void What_was_saved_is_loaded_and_a_damaged_file_is_refused()
    {
        TextSearch search = TextSearch.Fit(Films);
        byte[] bytes = Files.Save(search.Save);
        TextSearch loaded = Files.Load(bytes, TextSearch.Load);
        Assert.Equal(Found(search, "space detective"), Found(loaded, "space detective"));
        for (int length = 0; length < bytes.Length; length += 7)
        {
            Assert.Throws<InvalidDataException>(() => Files.Load(bytes[..length], TextSearch.Load));
        }
    }

    [Fact]
    public void An_empty_catalog_and_a_huge_query_are_no_trouble()
    {
        TextSearch empty = TextSearch.Fit(new Catalog([]));
        using var none = new RetrievalContext(Nobody, new ItemFilter(0), "anything");
        Assert.Equal(0, empty.Propose(none, new ScoredItem[3]));

        string query = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"w{number} ")) + "matrix";
        Assert.Equal([0, 1], Found(TextSearch.Fit(Films), query));
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_the_value()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => TextSearch.Fit(Films, new TextSearchOptions { LengthPenalty = 1.5 }));
        Assert.Contains("between 0 and 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => TextSearch.Fit(Films, new TextSearchOptions { TitleWeight = double.NaN }));
    }

    private static Profile Nobody => Profile.OfEvents(-1, [], [], []);

    private static RetrievalContext Ask(string? query) => new(Nobody, new ItemFilter(Films.Count), query);

    private static int[] Found(TextSearch search, string? query)
    {
        using RetrievalContext context = Ask(query);
        var found = new ScoredItem[10];
        int count = search.Propose(context, found);
        return [.. found[..count].Select(item => item.Item)];
    }
}
