using System.Text;

namespace Palate.Tests;

public sealed class SideTextsTests
{
    [Theory]
    [InlineData("Matrix, The (1999)", "The Matrix (1999)")]
    [InlineData("Promesse, La (1996)", "Promise, The (La Promesse) (1996)")]
    [InlineData("Cité des enfants perdus, La (1995)", "City of Lost Children, The (La Cite des Enfants Perdus) (1995)")]
    [InlineData("Die xue shuang xiong (Killer, The) (1989)", "Killer, The (Die xue shuang xiong) (1989)")]
    [InlineData("Star Wars (1977)", "Star Wars: Episode IV - A New Hope (1977)")]
    [InlineData("Empire Strikes Back, The (1980)", "Star Wars: Episode V - The Empire Strikes Back (1980)")]
    [InlineData("Alien 3 (1992)", "Alien³ (1992)")]
    [InlineData("Howling, The (1981)", "Howling, The (1980)")]
    [InlineData("Romeo & Juliet (1968)", "Romeo and Juliet (1968)")]
    [InlineData("Land Before Time III (1995) (V)", "Land Before Time III (1995)")]
    public void Differently_written_titles_of_one_film_are_joined(string own, string theirs)
    {
        SideTextJoin join = Texts(theirs).JoinByTitle(new Catalog([new Item("x") { Title = own }]));
        Assert.Equal("text of 1", join.Catalog.Items[0].Text);
    }

    [Theory]
    [InlineData("Hamlet (1996)", "Hamlet (1990)")]
    [InlineData("Return, The (1990)", "Star: The Return (1990)", "Wars: The Return (1990)")]
    [InlineData("unknown", "Anything (1990)")]
    [InlineData("", "(1990)")]
    public void Different_or_ambiguous_films_are_not_joined(string own, params string[] theirs)
    {
        SideTextJoin join = Texts(theirs).JoinByTitle(new Catalog([new Item("x") { Title = own }]));
        Assert.Equal(["x"], join.Unmatched);
        Assert.Equal("", join.Catalog.Items[0].Text);
    }

    [Fact]
    public void The_year_may_stand_in_an_attribute_and_a_text_follows_what_was_there()
    {
        var item = new Item("x")
        {
            Title = "Heat",
            Text = "Own.",
            Attributes = new Dictionary<string, IReadOnlyList<string>> { ["year"] = ["1995"] },
        };
        SideTextJoin join = Texts("Heat (1986)", "Heat (1995)").JoinByTitle(new Catalog([item]));
        Assert.Equal("Own.\ntext of 2", join.Catalog.Items[0].Text);
    }

    [Fact]
    public void Ids_join_without_titles_and_bad_entries_are_listed()
    {
        SideTexts texts = SideTexts.Read(Json("""{"a": "about a", "b": 3, "c": " "}"""), Latin1("a::A (1990)\nbroken\n"));
        SideTextJoin join = texts.JoinById(new Catalog([new Item("b"), new Item("a")]));
        Assert.Equal(1, join.Matched);
        Assert.Equal("about a", join.Catalog.Items[1].Text);
        Assert.Equal(["b"], join.Unmatched);
        Assert.Equal("1 of 2 items got a text", join.ToString());
        Assert.Equal(3, texts.Problems.Count);
        Assert.Contains("Line 2", texts.Problems[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\":")]
    [InlineData("")]
    public void A_file_that_is_no_object_is_refused(string json)
    {
        Assert.Throws<ImportException>(() => SideTexts.Read(Json(json)));
    }

    [Fact]
    public void Titles_are_needed_to_join_by_title()
    {
        Assert.Throws<InvalidOperationException>(() => SideTexts.Read(Json("{}")).JoinByTitle(new Catalog([])));
    }

    [Fact]
    public void The_texts_of_MovieLens_1M_cover_MovieLens_100K()
    {
        string small = TestData.Folder("ml-100k");
        string large = TestData.Folder("ml-1m");
        SideTexts texts = SideTexts.Read(
            Path.Combine(large, "llm_item_texts.json"), Path.Combine(large, "movies.dat"));
        Catalog films = new([.. File.ReadLines(Path.Combine(small, "u.item"), Encoding.Latin1)
            .Select(line => line.Split('|'))
            .Select(fields => new Item(fields[0]) { Title = fields[1] })]);
        SideTextJoin join = texts.JoinByTitle(films);
        Assert.Equal(1682, join.Catalog.Count);
        Assert.Equal(1667, join.Matched);
        Assert.Contains("Toy Story", join.Catalog.Items[0].Text, StringComparison.Ordinal);

        // The texts are good for something: the film that is most like Star Wars is its sequel.
        TextEmbedding embedding = TextEmbedding.Fit(join.Catalog);
        var semantic = new Semantic(embedding.EmbedAll(join.Catalog), embedding);
        int wars = join.Catalog.Ids.IndexOf("50");
        using var context = new RetrievalContext(Profile.OfEvents(-1, [wars], [5], [0]), new ItemFilter(films.Count));
        var found = new ScoredItem[4];
        semantic.Propose(context, found);
        Assert.Equal(wars, found[0].Item);
        Assert.Contains(join.Catalog.Ids.IndexOf("172"), found.Select(film => film.Item));
    }

    private static SideTexts Texts(params string[] titles) => SideTexts.Read(
        Json("{" + string.Join(',', titles.Select((_, line) => $"\"{line + 1}\": \"text of {line + 1}\"")) + "}"),
        Latin1(string.Concat(titles.Select((title, line) => $"{line + 1}::{title}::Drama\n"))));

    private static MemoryStream Json(string text) => new(Encoding.UTF8.GetBytes(text));

    private static MemoryStream Latin1(string text) => new(Encoding.Latin1.GetBytes(text));
}
