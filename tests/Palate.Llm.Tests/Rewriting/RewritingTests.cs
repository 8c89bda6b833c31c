namespace Palate.Llm.Tests;

public sealed class RewritingTests
{
    // The rewriting of the notebook that the benchmark rebuilds, as settings.
    private static readonly RewriteOptions Notebook = new()
    {
        Synonyms = new Dictionary<string, string>
        {
            ["bt"] = "bluetooth",
            ["cordless"] = "wireless",
            ["cans"] = "headphones",
            ["screen"] = "monitor",
            ["display"] = "monitor",
            ["keys"] = "keyboard",
            ["headset"] = "headphones",
        },
        Expansions =
        [
            new QueryExpansion("monitor", ["4k"]) { Chance = 0.5 },
            new QueryExpansion("headphones", ["noise", "cancelling"]) { Chance = 0.5 },
        ],
    };

    [Fact]
    public void The_notebooks_query_comes_out_as_it_does_there()
    {
        var plain = new QueryRewriter(new RewriteOptions { Synonyms = Notebook.Synonyms });

        Assert.Equal("need wireless headphones work calls", plain.Rewrite("Need a cordless headset for work calls"));
        Assert.Equal("monitor", plain.Rewrite("Display, screen & THE monitor"));
        Assert.Equal("größe 12 5", plain.Rewrite("Größe 12.5"));
        Assert.Equal("the", plain.Rewrite("the"));
        Assert.Equal("", plain.Rewrite(null));
    }

    [Fact]
    public void An_expansion_happens_in_its_share_of_queries_and_always_alike()
    {
        var rewriter = new QueryRewriter(Notebook);
        int expanded = 0;
        for (int i = 0; i < 2000; i++)
        {
            string query = $"headset number {i}";
            string rewritten = rewriter.Rewrite(query);
            Assert.Equal(rewritten, new QueryRewriter(Notebook).Rewrite(query));
            expanded += rewritten.EndsWith("noise cancelling", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(expanded, 900, 1100);
        Assert.Equal("noise headphones", rewriter.Rewrite("noise headphones"));
    }

    [Fact]
    public void The_notebooks_item_text_comes_out_as_it_does_there()
    {
        var rewriter = new ItemRewriter(Notebook);
        string words = string.Join(' ', Enumerable.Range(0, 40).Select(i => "w" + i));

        Assert.Equal("Orion yoga mat lite. orion yoga mat lite gaming", rewriter.Rewrite("Orion yoga mat lite", "Orion yoga mat lite for gaming"));
        Assert.Equal("T. " + string.Join(' ', Enumerable.Range(0, 24).Select(i => "w" + i)), rewriter.Rewrite("T", words));
        Assert.Equal("T. monitor monitor", rewriter.Rewrite("T", "screen display"));
        Assert.Equal("T. ", rewriter.Rewrite("T", new string('.', 10_000_000)));
        Assert.Equal("x", rewriter.Rewrite(new RerankCandidate("x", "T", 1) { Text = "a b c" }).Id);
    }

    [Fact]
    public void Rules_are_learned_from_what_stands_together()
    {
        CatalogRules rules = CatalogRules.Learn(Furniture());

        Assert.Equal(["wireless"], rules.Expand("cordless"));
        Assert.Empty(rules.Expand("wireless"));
        Assert.Empty(rules.Expand("blue"));
        Assert.Empty(rules.Expand("sofa"));
        Assert.Empty(rules.Expand("unheard"));
        Assert.True(rules.Weight("cordless") > rules.Weight("wireless"));
        Assert.Equal("cordless blue wireless", new QueryRewriter(null, rules).Rewrite("the cordless in blue"));
        CatalogRules again = CatalogRules.Learn(Furniture());
        Assert.Equal(
            rules.Expansions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value)}"),
            again.Expansions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value)}"));
    }

    [Fact]
    public void With_learned_weights_the_rarest_words_of_a_text_are_kept()
    {
        CatalogRules rules = CatalogRules.Learn(Furniture());
        var rewriter = new ItemRewriter(new RewriteOptions { ItemWords = 2, DistinctItemWords = true }, rules);

        Assert.Equal("T. mouse unheard", rewriter.Rewrite("T", "wireless mouse cordless mouse unheard"));
    }

    [Fact]
    public void Learned_rules_come_back_from_a_file_and_a_damaged_file_is_refused()
    {
        CatalogRules rules = CatalogRules.Learn(Furniture());
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            rules.Save(writer);
        }

        byte[] bytes = memory.ToArray();
        CatalogRules back = Load(bytes);

        Assert.Equal(rules.Expansions.Keys.Order(StringComparer.Ordinal), back.Expansions.Keys.Order(StringComparer.Ordinal));
        Assert.All(rules.Expansions, pair => Assert.Equal(pair.Value, back.Expand(pair.Key)));
        Assert.Equal(rules.Weight("cordless"), back.Weight("cordless"));
        for (int at = 0; at < bytes.Length; at += 37)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x20;
            Assert.Throws<InvalidDataException>(() => Load(damaged));
            Assert.Throws<InvalidDataException>(() => Load(bytes[..at]));
        }

        static CatalogRules Load(byte[] bytes)
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return CatalogRules.Load(reader);
        }
    }

    [Fact]
    public void Options_out_of_their_limits_say_so()
    {
        Assert.Throws<ArgumentException>(() => new QueryRewriter(new RewriteOptions { QueryWords = 0 }));
        Assert.Throws<ArgumentException>(() => new ItemRewriter(new RewriteOptions { ItemWords = -1 }));
        Assert.Throws<ArgumentException>(() => new QueryRewriter(new RewriteOptions { Expansions = [new QueryExpansion("x", [])] }));
        Assert.Empty(CatalogRules.Learn([]).Expansions);
    }

    // Half are lamps, a sixth each of the others.
    private static IEnumerable<Item> Furniture()
    {
        string[] rooms = ["velvet", "leather", "corduroy", "modular", "sleeper", "reclining"];
        string[] tools = ["mouse", "drill", "vacuum"];
        string[] colours = ["blue", "green", "red", "black"];
        for (int i = 0; i < 240; i++)
        {
            string colour = colours[i / 6 % 4];
            yield return (i % 6) switch
            {
                0 => new Item($"s{i}") { Title = $"sofa {rooms[i / 6 % 6]} cushions{i / 6 % 5}" },
                1 => new Item($"c{i}") { Title = $"couch {rooms[i / 6 % 6]} cushions{i / 6 % 5}" },
                2 => new Item($"w{i}") { Title = $"wireless {tools[i / 6 % 3]} {colour}", Text = i % 12 == 2 ? "cordless" : "" },
                _ => new Item($"o{i}") { Title = $"lamp use{i / 6 % 7}", Attributes = new Dictionary<string, IReadOnlyList<string>> { ["colour"] = [colour] } },
            };
        }
    }
}
