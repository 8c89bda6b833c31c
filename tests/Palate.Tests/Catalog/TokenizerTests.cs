namespace Palate.Tests;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("Toy Story (1995)", "toy story 1995")]
    [InlineData("Amélie — L'été à Zürich", "amelie lete a zurich")]
    [InlineData("AME\u0301LIE", "amelie")]
    [InlineData("Straße Łódź Ærø İstanbul", "strasse lodz aero istanbul")]
    [InlineData("don't can\u2019t 'quoted' it's", "dont cant quoted its")]
    [InlineData("七人の侍 Seven", "七 人 の 侍 seven")]
    [InlineData("Война и мир", "война и мир")]
    [InlineData("a\ud800b \udc00", "a b")]
    [InlineData("  \t...!!!", "")]
    [InlineData("", "")]
    [InlineData("R2-D2 & C_3PO", "r2 d2 c 3po")]
    public void Terms_are_lower_case_letters_and_digits_without_accents(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', Terms(text, stem: false)));
    }

    [Theory]
    [InlineData("movies", "movy")]
    [InlineData("movie", "movy")]
    [InlineData("stories", "story")]
    [InlineData("dogs", "dog")]
    [InlineData("heroes", "heroe")]
    [InlineData("glass", "glass")]
    [InlineData("virus", "virus")]
    [InlineData("gas", "gas")]
    [InlineData("cakes", "cake")]
    public void Stemming_joins_plural_and_singular(string term, string expected)
    {
        Assert.Equal(expected, Assert.Single(Terms(term, stem: true)));
    }

    [Fact]
    public void A_huge_text_is_read_up_to_its_bound_and_a_huge_word_is_cut()
    {
        string words = string.Concat(Enumerable.Repeat("ab ", 4_000_000));
        Assert.Equal((Tokenizer.MaxCharacters + 2) / 3, Terms(words, stem: true).Count);

        string letter = Assert.Single(Terms(new string('x', 10_000_000), stem: true));
        Assert.Equal(Tokenizer.MaxTermLength, letter.Length);
    }

    private static List<string> Terms(string text, bool stem)
    {
        var terms = new List<string>();
        foreach (ReadOnlySpan<char> term in new Tokenizer(text, stackalloc char[Tokenizer.MaxTermLength], stem))
        {
            terms.Add(term.ToString());
        }

        return terms;
    }
}
