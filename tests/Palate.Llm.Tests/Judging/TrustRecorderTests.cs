using System.Globalization;
using Palate.Simulation;

namespace Palate.Llm.Tests;

/// <summary>What is learned of a model's sense of relevance comes from what it said of relevance.</summary>
public sealed class TrustRecorderTests
{
    private const int Items = 30;

    [Fact]
    public async Task Of_a_walk_only_the_orders_by_accuracy_count()
    {
        using var chat = new SimulatedModel();
        LlmReranker reranker = Reranker(chat, "graph", GraphExecution.Model);

        Judged judged = await reranker.JudgeAsync(
            GraphWorld.Request(12, 1, "balanced") with { Profile = "likes Horror and Romance" },
            new Budget { Deadline = TimeSpan.FromSeconds(60), Tokens = 100_000 },
            TimeProvider.System.GetTimestamp() + (60 * TimeProvider.System.TimestampFrequency),
            CancellationToken.None);
        Evidence told = judged.OfRelevance();

        Assert.Equal(["Accuracy", "Diversity", "Fairness"], judged.Walk!.Steps.Select(step => step.Node));
        Assert.Equal(3, judged.Evidence.Judgments.Count);
        Assert.Equal(judged.Walk.Steps[0].Question, Assert.Single(told.Judgments).Question);
        Assert.NotEqual(judged.Evidence.Utilities, told.Utilities);
        Assert.Equal(judged.Evidence.BaseScores, told.BaseScores);
    }

    [Theory]
    [InlineData("graph", GraphExecution.Model, true)]
    [InlineData("graph", GraphExecution.Algorithm, false)]
    [InlineData("listwise", GraphExecution.Algorithm, true)]
    public async Task A_model_that_only_leads_gives_nothing_to_learn_from(string strategy, GraphExecution execution, bool isTold)
    {
        using var chat = new SimulatedModel();
        var recorder = new TrustRecorder(Reranker(chat, strategy, execution));
        var recommender = new Recommender(
            Generation(), TimeProvider.System, new PipelineDefinition("llm") { Base = "popularity", Reranker = recorder });

        RecordedRequest recorded = Assert.Single(await recorder.RecordAsync(
            recommender,
            "llm",
            [
                new GradedRequest(
                    new RecommendRequest
                    {
                        UserId = "u0",
                        Goal = "balanced",
                        Count = 5,
                        Budget = new Budget { Deadline = TimeSpan.FromSeconds(60), Tokens = 100_000 },
                    },
                    new Dictionary<string, int> { ["i9"] = 1 }),
            ]));

        Assert.True(recorded.Usage.Calls > 0);
        Assert.Equal(isTold, recorded.Sample.Evidence.Length > 0);
    }

    [Theory]
    [InlineData("graph", GraphExecution.Model, 1)]
    [InlineData("graph", GraphExecution.Algorithm, 0)]
    [InlineData("listwise", GraphExecution.Model, 1)]
    public async Task A_walk_is_fitted_for_those_who_learn_from_it_off_the_requests_path(
        string strategy, GraphExecution execution, int records)
    {
        using var chat = new SimulatedModel();
        var kept = new System.Collections.Concurrent.ConcurrentQueue<JudgedRequest>();
        JudgedTop? seen = null;
        bool wasOpen = false;
        Recommendation answer;
        using (var recorder = new JudgmentRecorder(kept.Enqueue))
        {
            LlmReranker reranker = Reranker(chat, strategy, execution, (context, judged) =>
            {
                wasOpen = judged.IsToBeFitted;
                seen = judged;
                recorder.Add("m", context, judged);
            });
            var recommender = new Recommender(
                Generation(), TimeProvider.System, new PipelineDefinition("llm")
                {
                    Base = "popularity",
                    Reranker = reranker,
                    Budget = new Budget { Deadline = TimeSpan.FromSeconds(60), Tokens = 100_000 },
                });
            answer = await recommender.RecommendAsync(new RecommendRequest
            {
                UserId = "u0",
                Goal = "balanced",
                Count = 5,
                Pipeline = "llm",
            });
        }

        Assert.True(answer.Mode.IsFull, answer.Reason);
        Assert.Equal(strategy == "graph", wasOpen);
        Assert.False(seen!.IsToBeFitted);
        Assert.Equal(records, kept.Count);
        Assert.All(kept, record => Assert.Equal(seen.Utilities, record.Utilities));
        Assert.Empty((seen with { Utilities = [] }).Utilities);
    }

    private static LlmReranker Reranker(
        SimulatedModel chat,
        string strategy,
        GraphExecution execution,
        Action<RerankContext, JudgedTop>? observer = null) => new(
        new LlmRerankerOptions { Strategy = strategy, Graph = new GraphOptions { Execution = execution } },
        new ModelConnection("simulated", chat),
        PromptLibrary.Load(),
        TimeProvider.System,
        observer: observer);

    private static Generation Generation()
    {
        Item[] items =
        [
            .. Enumerable.Range(0, Items).Select(item => new Item($"i{item}")
            {
                Title = $"Thing {item}",
                Attributes = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["genre"] = [item % 3 == 0 ? "Drama" : "Horror"],
                    ["year"] = [(1980 + item).ToString(CultureInfo.InvariantCulture)],
                },
            }),
        ];
        int[] whose = [0, 0, .. Enumerable.Range(0, Items).Select(_ => 1), .. Enumerable.Range(0, Items / 2).Select(_ => 2)];
        int[] what = [0, 1, .. Enumerable.Range(0, Items), .. Enumerable.Range(0, Items / 2)];
        var matrix = InteractionMatrix.Build(
            3, Items, whose, what, [.. whose.Select(_ => 1f)], [.. whose.Select((_, place) => 1_000_000L + place)]);
        return Trainer.Train(
            new TrainingData(new Catalog(items), [new User("u0"), new User("u1"), new User("u2")], matrix, "00"),
            new TrainingOptions { Ranking = new RankingOptions { Ranker = RankerKind.None } },
            TimeProvider.System);
    }
}
