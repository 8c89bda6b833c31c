using System.Collections.Concurrent;
using Palate.Simulation;

namespace Palate.Llm.Tests;

/// <summary>What live requests leave behind for a student.</summary>
public sealed class JudgmentRecorderTests
{
    private const int Items = 20;

    private static readonly Lazy<Generation> Trained = new(Train);

    [Fact]
    public async Task A_judged_request_leaves_its_numbers_and_nothing_else()
    {
        var kept = new ConcurrentQueue<JudgedRequest>();
        RerankContext? seen = null;
        JudgedTop? judged = null;
        using (var recorder = new JudgmentRecorder(kept.Enqueue))
        {
            await AskAsync((context, top) =>
            {
                (seen, judged) = (context, top);
                recorder.Add("m", context, top);
            });
        }

        JudgedRequest record = Assert.Single(kept);
        Assert.Equal(("llm", "m", "warm-query"), (record.Pipeline, record.Model, record.Segment));
        Assert.Equal(judged!.BaseScores, record.BaseScores);
        Assert.Equal(judged.Utilities, record.Utilities);
        FeatureMatrix own = StudentReranker.Features(new CrossFeatures(Trained.Value.Catalog), seen!, judged.Candidates);
        Assert.Equal(own.Data, record.Features.Data);
        Assert.True(record.Utilities.Distinct().Count() > 1);
    }

    [Fact]
    public async Task A_request_that_forbids_it_leaves_nothing_nor_does_one_without_a_judgment()
    {
        var kept = new ConcurrentQueue<JudgedRequest>();
        using (var recorder = new JudgmentRecorder(kept.Enqueue))
        {
            await AskAsync((context, top) =>
            {
                recorder.Add("m", context with { Request = context.Request with { NoStore = true } }, top);
                recorder.Add("m", context, top with { Utilities = [] });
            });
        }

        Assert.Empty(kept);
    }

    [Fact]
    public async Task A_full_queue_drops_and_counts_and_makes_nobody_wait()
    {
        var kept = new ConcurrentQueue<JudgedRequest>();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var open = new ManualResetEventSlim();
        var recorder = new JudgmentRecorder(
            record =>
            {
                entered.TrySetResult();
                open.Wait();
                kept.Enqueue(record);
            },
            room: 2);
        (RerankContext context, JudgedTop judged) = await JudgeAsync();

        recorder.Add("m", context, judged);
        await entered.Task;
        for (int number = 0; number < 5; number++)
        {
            recorder.Add("m", context, judged);
        }

        Assert.Equal(3, recorder.Dropped);
        open.Set();
        recorder.Dispose();
        Assert.Equal(3, kept.Count);
        recorder.Add("m", context, judged);
        Assert.Equal(4, recorder.Dropped);
    }

    [Fact]
    public async Task A_record_that_cannot_be_kept_costs_no_other()
    {
        var kept = new ConcurrentQueue<JudgedRequest>();
        (RerankContext context, JudgedTop judged) = await JudgeAsync();
        var recorder = new JudgmentRecorder(record =>
        {
            if (record.Model == "bad")
            {
                throw new InvalidOperationException("The disk is on fire.");
            }

            kept.Enqueue(record);
        });

        recorder.Add("bad", context, judged);
        recorder.Add("good", context, judged);
        recorder.Dispose();

        Assert.Equal(["good"], kept.Select(record => record.Model));
        Assert.Equal(1, recorder.Dropped);
    }

    private static async Task<(RerankContext, JudgedTop)> JudgeAsync()
    {
        (RerankContext, JudgedTop)? seen = null;
        await AskAsync((context, top) => seen = (context, top));
        return seen!.Value;
    }

    private static async Task AskAsync(Action<RerankContext, JudgedTop> observer)
    {
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = "listwise" },
            new ModelConnection("m", new SimulatedModel(SimulationProfiles.Named("good"))),
            PromptLibrary.Load(),
            TimeProvider.System,
            observer: observer);
        var recommender = new Recommender(
            Trained.Value, TimeProvider.System, new PipelineDefinition("llm") { Base = "popularity", Reranker = reranker });
        Recommendation answer = await recommender.RecommendAsync(new RecommendRequest
        {
            UserId = "reader",
            Query = "kayak thing",
            Pipeline = "llm",
            Count = 3,
            Budget = new Budget { Deadline = TimeSpan.FromSeconds(30) },
        });
        Assert.True(answer.Mode.IsFull, answer.Reason);
    }

    private static Generation Train()
    {
        Item[] items = [.. Enumerable.Range(0, Items).Select(item => new Item($"i{item}")
        {
            Title = item % 2 == 0 ? $"kayak thing {item}" : $"violin thing {item}",
        })];
        int[] whose = [0, 0, 0, .. Enumerable.Range(0, Items).Select(_ => 1)];
        int[] what = [0, 2, 4, .. Enumerable.Range(0, Items)];
        var matrix = InteractionMatrix.Build(
            2, Items, whose, what, [.. whose.Select(_ => 1f)], [.. whose.Select((_, place) => 1_000_000L + place)]);
        return Trainer.Train(
            new TrainingData(new Catalog(items), [new User("reader"), new User("all")], matrix, "00"),
            new TrainingOptions { Ranking = new RankingOptions { Ranker = RankerKind.None } },
            TimeProvider.System);
    }
}
