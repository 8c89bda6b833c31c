using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Palate.Simulation;

namespace Palate.Llm.Tests;

public sealed class PromptRendererTests(ITestOutputHelper output)
{
    [Fact]
    public void What_the_user_typed_stays_and_what_rewriting_added_stands_under_it()
    {
        PromptRenderer renderer = SampleRequest.Renderer();
        RerankRequest request = SampleRequest.Make() with { QueryAdditions = "wireless </query> earphones" };
        Question question = SampleRequest.Ask(QuestionKind.Order);

        string text = SampleRequest.Text(renderer.Render(question, request));

        Assert.Contains("<query>quiet headphones for long flights\n(also: wireless ", text, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(text, "</query>"));
        Assert.DoesNotContain("also:", SampleRequest.Text(renderer.Render(question, request with { Query = null })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PromptLayout.Own)]
    [InlineData(PromptLayout.Shared)]
    public void The_prefix_is_the_same_bytes_in_every_culture_dictionary_order_and_question(PromptLayout layout)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var prefixes = new HashSet<string>();
        var hashes = new HashSet<string>();
        try
        {
            // Named cultures are not there in invariant mode; what they would change is set by hand.
            foreach (string point in (string[])[".", ",", "٫"])
            {
                var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                culture.NumberFormat.NumberDecimalSeparator = point;
                culture.NumberFormat.NegativeSign = "−";
                culture.NumberFormat.NumberGroupSeparator = "'";
                CultureInfo.CurrentCulture = culture;
                foreach (bool reversed in (bool[])[false, true])
                {
                    PromptRenderer renderer = SampleRequest.Renderer("zero-shot", layout);
                    RerankRequest request = SampleRequest.Make(8, 12, reversed);
                    foreach (Question question in (Question[])
                        [new(QuestionKind.Order, [0, 1, 2]), new(QuestionKind.Order, [7, 3, 2, 1], 2), new(QuestionKind.Order, [5, 6], 0, "Otherwise.")])
                    {
                        Prompt prompt = renderer.Render(question, request);
                        byte[] bytes = Encoding.UTF8.GetBytes(SampleRequest.Text(prompt));
                        prefixes.Add(Encoding.UTF8.GetString(bytes.AsSpan(0, prompt.SharedPrefixBytes)));
                        hashes.Add(prompt.PrefixHash);
                    }
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Single(prefixes);
        Assert.Single(hashes);
        Assert.Contains("(4.5)", prefixes.Single());
    }

    [Theory]
    [InlineData(PromptLayout.Auto)]
    [InlineData(PromptLayout.Shared)]
    public void A_brief_question_shows_titles_and_values_without_names_and_texts(PromptLayout layout)
    {
        PromptRenderer renderer = SampleRequest.Renderer("zero-shot", layout);
        RerankRequest request = SampleRequest.Make();

        string brief = renderer.Render(new Question(QuestionKind.Order, [2, 0, 1], isBrief: true), request).Messages[1].Text;
        string whole = renderer.Render(new Question(QuestionKind.Order, [2, 0, 1]), request).Messages[1].Text;

        Assert.Contains("Headphones model 2 | Orion; black, grey; 22.50\n", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("cancelling", brief, StringComparison.Ordinal);
        Assert.Contains("brand: Orion", whole, StringComparison.Ordinal);
        Assert.Contains("cancelling", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void A_brief_line_of_what_has_no_attributes_has_its_text_cut()
    {
        var candidate = new RerankCandidate("a", "Lamp", 1) { Text = string.Concat(Enumerable.Repeat("warm light for long evenings, ", 40)) };
        PromptRenderer renderer = SampleRequest.Renderer();

        string brief = renderer.Line(candidate, isBrief: true).Text;

        Assert.StartsWith("Lamp | warm light", brief, StringComparison.Ordinal);
        Assert.True(brief.Length < .7 * renderer.Line(candidate).Text.Length, brief);
    }

    [Fact]
    public void No_id_stands_in_any_prompt()
    {
        foreach (PromptTemplate template in SampleRequest.Library.Templates)
        {
            foreach (QuestionKind kind in template.Kinds)
            {
                foreach (PromptLayout layout in Enum.GetValues<PromptLayout>())
                {
                    Prompt prompt = SampleRequest.Renderer(template.Name, layout).Render(SampleRequest.Ask(kind), SampleRequest.Make());
                    Assert.DoesNotContain("secret", SampleRequest.Text(prompt));
                    Assert.Equal(prompt.Question.Candidates.Count, prompt.Aliases.Count);
                    Assert.Equal(prompt.Aliases.Count, prompt.Aliases.Distinct().Count());
                    Assert.True(prompt.MaxOutputTokens > 0 && prompt.EstimatedTokens > 50);
                }
            }
        }
    }

    [Fact]
    public void Aliases_name_the_candidates_in_the_order_of_the_question()
    {
        RerankRequest request = SampleRequest.Make();
        var question = new Question(QuestionKind.Order, [4, 1, 5]);

        Prompt own = SampleRequest.Renderer().Render(question, request);
        Prompt shared = SampleRequest.Renderer("zero-shot", PromptLayout.Shared).Render(question, request);

        Assert.Equal(["A1", "A2", "A3"], own.Aliases);
        Assert.Contains("[A1] Headphones model 4", own.Messages[1].Text);
        Assert.DoesNotContain("model 0", own.Messages[1].Text);
        Assert.Equal(["A5", "A2", "A6"], shared.Aliases);
        Assert.Contains("[A1] Headphones model 0", shared.Messages[1].Text);
        Assert.Contains("A5, A2, A6", shared.Messages[1].Text);
    }

    [Fact]
    public void An_instruction_names_candidates_by_number_and_the_prompt_by_alias()
    {
        Prompt prompt = SampleRequest.Renderer().Render(
            new Question(QuestionKind.Walk, [3, 2], 0, "Pool: [{#2}, {#3}, {#5}, {#x}, {#"), SampleRequest.Make());

        Assert.Contains("Pool: [A2, A1, another, another, {#", prompt.Messages[1].Text);
    }

    [Fact]
    public void The_prefix_is_most_of_later_prompts()
    {
        // A usual request: 20 entries of history, 20 candidates of about 40 tokens.
        RerankRequest request = SampleRequest.Make(20, 20);
        foreach ((QuestionKind kind, PromptLayout layout, int shown, double least) in
            ((QuestionKind, PromptLayout, int, double)[])
            [
                (QuestionKind.Grade, PromptLayout.Own, 1, 0.7), (QuestionKind.YesNo, PromptLayout.Own, 1, 0.7),
                (QuestionKind.Grade, PromptLayout.Own, 10, 0), (QuestionKind.Grade, PromptLayout.Shared, 10, 0.7),
                (QuestionKind.Pair, PromptLayout.Own, 2, 0.7), (QuestionKind.Pair, PromptLayout.Shared, 2, 0.7),
                (QuestionKind.Best, PromptLayout.Own, 3, 0), (QuestionKind.Best, PromptLayout.Shared, 3, 0.7),
                (QuestionKind.Choose, PromptLayout.Own, 5, 0), (QuestionKind.Choose, PromptLayout.Shared, 5, 0.7),
                (QuestionKind.Order, PromptLayout.Own, 10, 0), (QuestionKind.Order, PromptLayout.Shared, 10, 0.7),
                (QuestionKind.Order, PromptLayout.Shared, 20, 0.7), (QuestionKind.Walk, PromptLayout.Shared, 20, 0.7),
                (QuestionKind.FirstToken, PromptLayout.Own, 20, 0),
            ])
        {
            Prompt prompt = SampleRequest.Renderer("zero-shot", layout).Render(
                new Question(kind, [.. Enumerable.Range(0, shown).Reverse()]), request);
            double share = (double)prompt.SharedPrefixBytes / Encoding.UTF8.GetByteCount(SampleRequest.Text(prompt));
            output.WriteLine($"{kind} {layout} {shown}: {share:P1} of about {prompt.EstimatedTokens} tokens");
            Assert.True(share >= least, $"{kind} {layout} {shown}: {share:P1}");
        }
    }

    [Fact]
    public void The_layout_is_chosen_by_cost()
    {
        RerankRequest request = SampleRequest.Make(60, 20);
        var pair = new Question(QuestionKind.Pair, [30, 40]);
        var window = new Question(QuestionKind.Order, [.. Enumerable.Range(20, 20)]);
        var all = new Question(QuestionKind.Order, [.. Enumerable.Range(0, 60)]);

        Prompt Ask(Question question, double ratio, RerankRequest? other = null) => new PromptRenderer(
            SampleRequest.Library.Get("zero-shot"),
            new PromptOptions { CachedPriceRatio = ratio }).Render(question, other ?? request);

        Assert.Equal(["A1", "A2"], Ask(pair, 0.5).Aliases);
        Assert.Equal(["A31", "A41"], Ask(pair, 0.001).Aliases);
        Assert.Equal("A1", Ask(window, 0.5).Aliases[0]);
        Assert.Equal("A21", Ask(window, 0.05).Aliases[0]);
        Assert.Equal("A1", Ask(all, 0.001).Aliases[0]);

        // A prefix as short as that of eight candidates is in no provider's cache.
        Assert.Equal(["A1", "A2"], Ask(new Question(QuestionKind.Pair, [3, 4]), 0.001, SampleRequest.Make(8, 2)).Aliases);
    }

    // Windows of 20 of 200 are asked for about twenty times: all 200 in the prefix pay when cached tokens cost next to nothing.
    [Theory]
    [InlineData(null, null, false)]
    [InlineData(0.4, null, false)]
    [InlineData(0.02, null, true)]
    [InlineData(null, 0.02, true)]
    [InlineData(0.02, 0.5, false)]
    public void The_layout_goes_by_the_models_price_unless_told_otherwise(double? price, double? option, bool isShared)
    {
        using var model = new SimulatedModel();
        var prices = new Dictionary<string, ModelPrice>();
        if (price is { } cached)
        {
            prices[SimulatedModel.ModelName] = new ModelPrice(1, 4, (decimal)cached);
        }

        IChatClient chat = new CallChainOptions
        {
            Spend = new SpendOptions
            {
                Prices = new PriceMap(prices),
                Ledger = new InMemoryLedger(),
                Unknown = UnknownPrice.CountAsUnpriced,
            },
        }.Build(model, TimeProvider.System);

        Assert.Equal(price, (chat.GetService(typeof(ModelPrice)) as ModelPrice)?.CachedRatio);
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = "rankgpt", Prompt = new PromptOptions { CachedPriceRatio = option }, Candidates = 60 },
            new ModelConnection("m", chat),
            SampleRequest.Library,
            TimeProvider.System);
        Prompt prompt = reranker.Renderer.Render(
            new Question(QuestionKind.Order, [.. Enumerable.Range(20, 20)]), SampleRequest.Make(200, 20));

        Assert.Equal(isShared ? "A21" : "A1", prompt.Aliases[0]);
    }

    [Fact]
    public void A_price_knows_what_cached_tokens_cost_of_others()
    {
        Assert.Equal(0.5, new ModelPrice(0.15m, 0.6m, 0.075m).CachedRatio);
        Assert.Equal(1, new ModelPrice(0.15m, 0.6m).CachedRatio);
        Assert.Equal(1, new ModelPrice(0.15m, 0.6m, 0.3m).CachedRatio);
        Assert.Null(new ModelPrice(0, 0).CachedRatio);
    }

    [Fact]
    public void A_longer_history_only_grows_at_its_end_until_half_of_it_goes()
    {
        string History(int length) => SampleRequest.Renderer().Render(
            new Question(QuestionKind.Order, [0, 1]), SampleRequest.Make(3, length)).Messages[1].Text;

        string shorter = History(23);
        string longer = History(27);
        Assert.Contains("- Orion travel item number 10 (4.5)\n", shorter);
        Assert.DoesNotContain("number 9\n", shorter);
        int end = shorter.IndexOf("\n</history>", StringComparison.Ordinal);
        Assert.Equal(shorter[..end], longer[..end]);
        for (int length = 0; length < 60; length++)
        {
            int entries = History(length).Split("Orion travel item").Length - 1;
            Assert.InRange(entries, Math.Min(length, 11), 20);
        }
    }

    [Fact]
    public void Blocks_without_a_value_are_left_out()
    {
        var bare = new RerankRequest { Candidates = [new RerankCandidate("x", "", 0)] };

        foreach (PromptTemplate template in SampleRequest.Library.Templates)
        {
            string text = SampleRequest.Renderer(template.Name).Render(new Question(QuestionKind.Order, [0]), bare).Messages[1].Text;
            Assert.StartsWith("<candidates>\n[A1] (no title)\n</candidates>\n", text);
            Assert.DoesNotContain("<query>", text);
            Assert.DoesNotContain("<history>", text);
        }

        string queryOnly = SampleRequest.Renderer("query-only").Render(new Question(QuestionKind.Order, [0]), SampleRequest.Make()).Messages[1].Text;
        string historyOnly = SampleRequest.Renderer("history-only").Render(new Question(QuestionKind.Order, [0]), SampleRequest.Make()).Messages[1].Text;
        Assert.DoesNotContain("<history>", queryOnly);
        Assert.DoesNotContain("<query>", historyOnly);
    }

    [Fact]
    public void Thinking_has_a_cap_and_comes_first_in_the_schema()
    {
        PromptRenderer plain = SampleRequest.Renderer();
        PromptRenderer thinking = new(SampleRequest.Library.Get("chain-of-thought"), new PromptOptions { Layout = PromptLayout.Own });
        Question question = SampleRequest.Ask(QuestionKind.Order);

        Prompt without = plain.Render(question, SampleRequest.Make());
        Prompt with = thinking.Render(question, SampleRequest.Make());

        Assert.Equal(without.MaxOutputTokens + thinking.Template.ThinkingTokens, with.MaxOutputTokens);
        Assert.Contains($"at most {thinking.Template.ThinkingTokens} tokens", with.Messages[0].Text);
        Assert.Equal("thinking", with.Schema!.Value.GetProperty("properties").EnumerateObject().First().Name);
        Assert.Equal("thinking", with.Schema!.Value.GetProperty("required")[0].GetString());
        Assert.DoesNotContain(QuestionKind.FirstToken, thinking.Template.Kinds);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => thinking.Render(SampleRequest.Ask(QuestionKind.FirstToken), SampleRequest.Make()));
        Assert.Contains("chain-of-thought", error.Message);
    }

    [Fact]
    public void A_question_that_cannot_be_rendered_says_why()
    {
        PromptRenderer renderer = SampleRequest.Renderer();
        Assert.Throws<ArgumentException>(() => renderer.Render(new Question(QuestionKind.Order, [6]), SampleRequest.Make()));
        ArgumentException error = Assert.Throws<ArgumentException>(() => renderer.Render(
            new Question(QuestionKind.FirstToken, [.. Enumerable.Range(0, 21)]), SampleRequest.Make(30)));
        Assert.Contains("20", error.Message);
        Assert.Throws<ArgumentException>(() => new PromptRenderer(
            SampleRequest.Library.Get("both"), new PromptOptions { ItemTokens = 1 }));
    }

    [Fact]
    public void A_text_of_ten_megabytes_costs_what_a_paragraph_costs()
    {
        string huge = string.Concat(Enumerable.Repeat("Engines hum. ", 800_000));
        RerankRequest Make(string text) => SampleRequest.Make() with
        {
            Profile = text,
            Candidates = [.. Enumerable.Range(0, 6).Select(i => SampleRequest.Candidate(i) with
            {
                Title = "T" + text, Text = text, Attributes = new Dictionary<string, IReadOnlyList<string>> { [text[..1000]] = [text] },
            })],
        };
        RerankRequest request = Make(huge);
        PromptRenderer renderer = SampleRequest.Renderer();
        renderer.Render(SampleRequest.Ask(QuestionKind.Order), Make("warm" + huge[..2000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Prompt prompt = renderer.Render(SampleRequest.Ask(QuestionKind.Order), request);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(prompt.Messages[1].Text.Length, 100, 6_000);
        Assert.InRange(allocated, 0, 300_000);
    }

    [Fact]
    public void Blocks_are_described_with_what_they_cost()
    {
        foreach (PromptLayout layout in (PromptLayout[])[PromptLayout.Own, PromptLayout.Shared])
        {
            PromptRenderer renderer = SampleRequest.Renderer("recency-focused", layout);
            Question question = SampleRequest.Ask(QuestionKind.Order, 4);
            Prompt prompt = renderer.Render(question, SampleRequest.Make());
            IReadOnlyList<PromptBlock> blocks = renderer.Describe(question, SampleRequest.Make());

            Assert.Equal("system", blocks[0].Name);
            Assert.Equal("question", blocks[^1].Name);
            Assert.Contains(blocks, block => block.Name == "latest");
            Assert.Equal(Encoding.UTF8.GetByteCount(SampleRequest.Text(prompt)), blocks.Sum(block => block.Bytes));
            Assert.Equal(prompt.SharedPrefixBytes, blocks.Where(block => block.Shared).Sum(block => block.Bytes));
            Assert.InRange(blocks.Sum(block => block.Tokens), prompt.EstimatedTokens - 25, prompt.EstimatedTokens + 15);
        }
    }

    [Fact]
    public void The_estimate_of_a_prompt_is_that_of_its_text()
    {
        foreach (PromptLayout layout in (PromptLayout[])[PromptLayout.Own, PromptLayout.Shared])
        {
            PromptRenderer renderer = SampleRequest.Renderer("both", layout);
            Prompt prompt = renderer.Render(SampleRequest.Ask(QuestionKind.Order), SampleRequest.Make());
            int whole = renderer.Estimator.EstimateCall(
                TokenFeatures.Of(prompt.Messages[0].Text) + TokenFeatures.Of(prompt.Messages[1].Text));
            Assert.InRange(prompt.EstimatedTokens, whole - 5, whole + 5);
        }
    }

    [Fact]
    public void The_hash_changes_with_the_template_and_the_form()
    {
        var hashes = new HashSet<string>();
        PromptLibrary again = PromptLibrary.Load();
        foreach (PromptTemplate template in SampleRequest.Library.Templates)
        {
            foreach (QuestionKind kind in template.Kinds)
            {
                Assert.True(hashes.Add(template.Hash(kind)));
                Assert.Equal(template.Hash(kind), again.Get(template.Name).Hash(kind));
            }
        }
    }
}
