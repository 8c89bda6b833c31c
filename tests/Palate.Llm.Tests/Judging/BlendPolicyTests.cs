namespace Palate.Llm.Tests;

/// <summary>A re-ranker asks only where its answer would be followed and is worth its price.</summary>
public sealed class BlendPolicyTests
{
    private static readonly Budget Budget = new() { Deadline = TimeSpan.FromSeconds(60), Tokens = 100_000 };

    private const int Items = 40;

    [Fact]
    public async Task The_rule_is_consulted_before_anything_is_sent()
    {
        AskRule rule = ColdOnly();
        var model = new FakeModel("{\"grades\":[]}");

        Recommendation warm = await AskAsync(model, "reader", rule);
        int afterWarm = model.Calls;
        Recommendation fresh = await AskAsync(model, "newcomer", rule);

        Assert.True(rule.Savings.Skipped > 0.3);
        Assert.Equal(0, afterWarm);
        Assert.Equal("base", warm.Mode.Name);
        Assert.Contains("would hardly change anything", warm.Mode.Reason, StringComparison.Ordinal);
        Assert.Null(warm.Usage);
        Assert.True(model.Calls > 0);
        Assert.DoesNotContain("not asked", fresh.Mode.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_rule_everybody_is_asked_for()
    {
        var model = new FakeModel("{\"grades\":[]}");

        await AskAsync(model, "reader", null);

        Assert.True(model.Calls > 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    public async Task A_model_that_counts_nothing_is_not_asked(double? alpha)
    {
        var model = new FakeModel("{\"grades\":[]}");
        Trust? nothing = alpha is null ? Trust.Fit([]) : null;

        Recommendation answer = await AskAsync(model, "reader", null, nothing, alpha);

        Assert.Equal(0, model.Calls);
        Assert.Equal("base", answer.Mode.Name);
        Assert.Contains("not asked, and would not be followed", answer.Mode.Reason, StringComparison.Ordinal);
    }

    private static async Task<Recommendation> AskAsync(
        FakeModel model, string user, AskRule? rule, Trust? trust = null, double? alpha = null)
    {
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = "listwise", Alpha = alpha },
            new ModelConnection("m", model),
            PromptLibrary.Load(),
            TimeProvider.System,
            () => trust,
            () => rule);
        var recommender = new Recommender(
            Generation(), TimeProvider.System, new PipelineDefinition("llm") { Base = "popularity", Reranker = reranker, Budget = Budget });
        return await recommender.RecommendAsync(new RecommendRequest
        {
            UserId = user,
            Pipeline = "llm",
            Count = 3,
        });
    }

    /// <summary>A world in which the model brought something for short histories alone.</summary>
    private static AskRule ColdOnly() => AskRule.Fit(
    [
        .. Enumerable.Range(0, 400).Select(request => new AskSample(
            new AskFeatures(0.1, 0.2, request % 2 == 0 ? 30 + (request % 7) : request % 3, 0),
            request % 2 == 0 ? 0 : 0.1)),
    ]);

    private static Generation Generation()
    {
        Item[] items = [.. Enumerable.Range(0, Items).Select(item => new Item($"i{item}") { Title = $"Thing {item}" })];
        int[] whose = [.. Enumerable.Repeat(0, 30), 1, 1, .. Enumerable.Range(0, Items).Select(_ => 2)];
        int[] what = [.. Enumerable.Range(0, 30), 0, 1, .. Enumerable.Range(0, Items)];
        var matrix = InteractionMatrix.Build(
            3, Items, whose, what, [.. whose.Select(_ => 1f)], [.. whose.Select((_, place) => 1_000_000L + place)]);
        return Trainer.Train(
            new TrainingData(new Catalog(items), [new User("reader"), new User("newcomer"), new User("all")], matrix, "00"),
            new TrainingOptions { Ranking = new RankingOptions { Ranker = RankerKind.None } },
            TimeProvider.System);
    }
}
