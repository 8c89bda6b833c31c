namespace Palate.Tests;

public class RecommenderTests
{
    private static readonly Lazy<Generation> Trained = new(() => SmallWorld.Train());

    [Fact]
    public async Task A_known_user_gets_unseen_items_of_their_taste()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Count = 5 });

        Assert.Equal("base", answer.Mode.Name);
        Assert.NotEmpty(answer.Reason);
        Assert.Equal(5, answer.Items.Count);
        Assert.All(answer.Items, item => Assert.DoesNotContain(
            Trained.Value.Catalog.Ids.IndexOf(item.ItemId), Trained.Value.Matrix.Row(4).ToArray()));
        Assert.All(answer.Items, item => Assert.StartsWith("Quiet garden", item.Title, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 5), answer.Items.Select(item => item.Rank));
        Assert.Equal(answer.Items.OrderByDescending(item => item.Score), answer.Items);
    }

    [Fact]
    public async Task Every_item_carries_what_each_stage_said_and_who_proposed_it()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u5", Count = 3 });

        foreach (RecommendedItem item in answer.Items)
        {
            Assert.Equal(["retrieve", "rank"], item.Stages.Select(stage => stage.Stage));
            Assert.All(item.Stages, stage => Assert.InRange(stage.Normalised, 0, 1));
            Assert.NotEmpty(item.Sources);
            Assert.All(item.Sources, source => Assert.True(source.Rank >= 1));
        }

        Assert.Equal(1, answer.Items[0].Stages[1].Rank);
        Assert.Equal(1f, answer.Items[0].Stages[1].Normalised);
    }

    [Fact]
    public async Task An_unknown_user_gets_what_is_popular_and_is_told_so()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "stranger", Count = 5 });

        Assert.Equal(("base", ReasonCode.ColdStart), (answer.Mode.Name, answer.ReasonCode));
        Assert.Contains("'stranger' is unknown", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(5, answer.Items.Count);
    }

    [Theory]
    [InlineData(0, "Quiet garden")]
    [InlineData(1, "Loud engine")]
    public async Task Session_items_are_folded_in_for_somebody_unknown(int parity, string title)
    {
        Recommendation answer = await Ask(new RecommendRequest
        {
            Count = 5,
            Session = [.. Enumerable.Range(0, 5).Select(n => new SessionItem($"i{(2 * n) + parity}", 4))],
        });

        Assert.Equal("base", answer.Mode.Name);
        Assert.All(answer.Items, item => Assert.StartsWith(title, item.Title, StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Items, item => item.ItemId == $"i{parity}");
    }

    [Fact]
    public async Task Ids_that_the_generation_does_not_know_are_counted_and_ignored()
    {
        Recommendation answer = await Ask(new RecommendRequest
        {
            UserId = "u2",
            Session = [new SessionItem("gone"), new SessionItem("i0")],
            Exclude = ["missing"],
        });

        Assert.Equal(2, answer.UnknownItems);
    }

    [Fact]
    public async Task Filters_hold_and_fewer_are_returned_rather_than_padded()
    {
        Recommendation some = await Ask(new RecommendRequest
        {
            UserId = "u4",
            Count = 100,
            Require = new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["engine"] },
            Exclude = ["i1", "i3"],
        });
        Recommendation none = await Ask(new RecommendRequest
        {
            UserId = "u4",
            Require = new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["castle"] },
        });
        Recommendation unheardOf = await Ask(new RecommendRequest
        {
            UserId = "u4",
            Require = new Dictionary<string, IReadOnlyList<string>> { ["smell"] = ["rose"] },
        });

        Assert.InRange(some.Items.Count, 1, 18);
        Assert.All(some.Items, item => Assert.StartsWith("Loud engine", item.Title, StringComparison.Ordinal));
        Assert.DoesNotContain(some.Items, item => item.ItemId is "i1" or "i3");
        Assert.Empty(none.Items);
        Assert.Equal("No item is left after the filters.", none.Reason);
        Assert.Empty(unheardOf.Items);
    }

    [Fact]
    public async Task Seen_items_come_back_when_they_are_asked_for()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Count = 30, IncludeSeen = true });

        int[] seen = Trained.Value.Matrix.Row(4).ToArray();
        Assert.Contains(answer.Items, item => seen.Contains(Trained.Value.Catalog.Ids.IndexOf(item.ItemId)));
    }

    [Fact]
    public async Task A_query_is_answered_by_what_matches_it()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Query = "loud engine", Count = 5 });

        Assert.All(answer.Items, item => Assert.StartsWith("Loud engine", item.Title, StringComparison.Ordinal));
        Assert.All(answer.Items, item => Assert.Contains(item.Sources, source => source.Source == "text"));
    }

    [Fact]
    public async Task A_query_that_matches_nothing_leaves_the_history_and_says_so()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Query = "zzyzx" });

        Assert.NotEmpty(answer.Items);
        Assert.Contains("no item that may be shown was found by the query", answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(int.MaxValue)]
    public async Task A_count_out_of_its_limits_is_refused_by_name(int count)
    {
        InvalidRequestException e = await Assert.ThrowsAsync<InvalidRequestException>(
            async () => await Ask(new RecommendRequest { UserId = "u4", Count = count }));

        Assert.Equal("count", e.Parameter);
        Assert.Contains($"{count}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_that_does_not_exist_is_refused_with_those_that_do()
    {
        InvalidRequestException e = await Assert.ThrowsAsync<InvalidRequestException>(
            async () => await Ask(new RecommendRequest { UserId = "u4", Pipeline = "magic" }));

        Assert.Equal("pipeline", e.Parameter);
        Assert.Contains("default", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_pipeline_of_the_generation_answers()
    {
        foreach (string name in Trained.Value.PipelineNames)
        {
            Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Pipeline = name });

            Assert.Equal(name, answer.Pipeline);
            Assert.Equal(answer.Items.Select(item => item.ItemId).Distinct().Count(), answer.Items.Count);
        }
    }

    [Fact]
    public async Task An_explanation_adds_up_to_the_score_that_it_explains()
    {
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u4", Count = 5, Explain = true });

        foreach (RecommendedItem item in answer.Items)
        {
            Explanation rank = item.Explanation!.Parts.Single(part => part.Stage == "rank");
            Assert.Equal(rank.Value, rank.Parts.Sum(part => part.Value), 1e-3f);
            Assert.Equal(item.Stages[1].Raw, rank.Value, 1e-3f);
        }
    }

    [Fact]
    public async Task Logged_features_are_those_that_the_builder_makes_for_training()
    {
        Generation generation = Trained.Value;
        Recommendation answer = await Ask(new RecommendRequest { UserId = "u6", Count = 30, LogFeatures = true });

        var filter = new ItemFilter(generation.Catalog.Count);
        filter.Block(generation.Matrix.Row(6));
        using var context = new RetrievalContext(Profile.OfRow(generation.Matrix, 6), filter);
        CandidateSet candidates =
            PipelineBuilder.Personal(generation.Sources, generation.Options.Retrieval).Retrieve(context);
        FeatureMatrix matrix = generation.Features.Build(context, candidates);
        foreach (RecommendedItem item in answer.Items)
        {
            int candidate = Array.IndexOf(candidates.Items, generation.Catalog.Ids.IndexOf(item.ItemId));
            for (int feature = 0; feature < matrix.Features; feature++)
            {
                Assert.Equal(matrix[feature][candidate], item.Features![generation.Features.Definitions[feature].Name]);
            }
        }
    }

    [Fact]
    public async Task A_reranker_reorders_the_same_items_and_names_its_mode()
    {
        var recommender = new Recommender(
            Trained.Value, TimeProvider.System, new PipelineDefinition("default") { Reranker = new Reversing() });
        Recommendation plain = await Ask(new RecommendRequest { UserId = "u4", Count = 1000 });

        Recommendation answer = await recommender.RecommendAsync(new RecommendRequest { UserId = "u4", Count = 1000 });

        Assert.Equal("full", answer.Mode.Name);
        Assert.Equal("Reversed for the test.", answer.Reason);
        Assert.Equal(plain.Items.Select(item => item.ItemId).Reverse(), answer.Items.Select(item => item.ItemId));
    }

    [Fact]
    public async Task A_reranker_that_throws_costs_its_judgment_and_nothing_else()
    {
        Recommendation plain = await Ask(new RecommendRequest { UserId = "u4" });

        Recommendation answer = await AskWith(
            (_, _) => throw new InvalidOperationException("out of order"), new RecommendRequest { UserId = "u4" });

        Assert.Equal("base", answer.Mode.Name);
        Assert.Equal("The re-ranker failed: InvalidOperationException.", answer.Reason);
        Assert.Equal(plain.Items.Select(item => item.ItemId), answer.Items.Select(item => item.ItemId));
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(1f, -1)]
    [InlineData(1f, 1)]
    public async Task Scores_that_cannot_be_used_leave_the_base_order(float score, int more)
    {
        Recommendation plain = await Ask(new RecommendRequest { UserId = "u4" });

        Recommendation answer = await AskWith(
            (context, _) => ValueTask.FromResult(new RerankResult(
                [.. Enumerable.Repeat(score, context.Ranking.Candidates.Count + more)], Mode.Full(ReasonCode.Complete, "Judged."))),
            new RecommendRequest { UserId = "u4" });

        Assert.Equal("base", answer.Mode.Name);
        Assert.StartsWith("The re-ranker's answer cannot be used.", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(plain.Items.Select(item => item.ItemId), answer.Items.Select(item => item.ItemId));
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_what_the_reranker_does()
    {
        using var leaving = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recommender = new Recommender(Trained.Value, TimeProvider.System, new PipelineDefinition("default")
        {
            Reranker = new Scripted((_, token) =>
            {
                token.Register(() => cancelled.TrySetResult());
                return new ValueTask<RerankResult>(new TaskCompletionSource<RerankResult>().Task);
            }),
            Budget = new Budget { Deadline = TimeSpan.FromMinutes(5) },
        });

        Task<Recommendation> waiting =
            recommender.RecommendAsync(new RecommendRequest { UserId = "u4" }, leaving.Token).AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_request_lowers_its_pipelines_budget_and_never_raises_it()
    {
        Budget? given = null;
        var recommender = new Recommender(Trained.Value, TimeProvider.System, new PipelineDefinition("default")
        {
            Reranker = new Scripted((context, _) =>
            {
                given = context.Budget;
                return ValueTask.FromResult(new RerankResult([], Mode.Base("asked", "Asked.")));
            }),
            Budget = new Budget { Deadline = TimeSpan.FromSeconds(2), Tokens = 500, MicroDollars = 40 },
        });

        await recommender.RecommendAsync(new RecommendRequest
        {
            UserId = "u4",
            Budget = new Budget { Deadline = TimeSpan.FromSeconds(1), Tokens = 9000, MicroDollars = long.MaxValue },
        });

        Assert.Equal(new Budget { Deadline = TimeSpan.FromSeconds(1), Tokens = 500, MicroDollars = 40 }, given);
    }

    [Fact]
    public async Task A_reranker_that_hangs_is_left_behind_at_the_deadline()
    {
        var never = new TaskCompletionSource<RerankResult>();
        var time = new ManualTime();
        var recommender = new Recommender(Trained.Value, time, new PipelineDefinition("default")
        {
            Reranker = new Scripted((_, _) => new ValueTask<RerankResult>(never.Task)),
            Budget = new Budget { Deadline = TimeSpan.FromMilliseconds(20) },
        });

        Task<Recommendation> waiting = recommender.RecommendAsync(new RecommendRequest { UserId = "u4" }).AsTask();
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(20));
        Recommendation answer = await waiting;

        Assert.Equal("base", answer.Mode.Name);
        Assert.Equal("The re-ranker gave no answer by the deadline.", answer.Reason);
    }

    [Theory]
    [InlineData(100, 2, 98)]
    [InlineData(100, 40, 90)]
    [InlineData(10, 2, 9)]
    [InlineData(5, 2, 4.5)]
    [InlineData(5, 0, 5)]
    public async Task A_reranker_gets_the_deadline_less_a_reserve_for_what_comes_after(
        double deadline, double reserve, double given)
    {
        var time = new ManualTime();
        TimeSpan left = default;
        var recommender = new Recommender(Trained.Value, time, new PipelineDefinition("default")
        {
            Reranker = new Scripted((context, _) =>
            {
                left = time.GetElapsedTime(time.GetTimestamp(), context.Deadline);
                return ValueTask.FromResult(new RerankResult([], Mode.Base("asked", "Asked.")));
            }),
            Budget = new Budget
            {
                Deadline = TimeSpan.FromMilliseconds(deadline),
                Reserve = TimeSpan.FromMilliseconds(reserve),
            },
        });

        Recommendation answer = await recommender.RecommendAsync(new RecommendRequest { UserId = "u4" });

        Assert.Equal("Asked.", answer.Reason);
        Assert.Equal(given, left.TotalMilliseconds, 3);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_reserve_out_of_its_limits_is_refused(double milliseconds)
    {
        var budget = new Budget { Reserve = TimeSpan.FromMilliseconds(milliseconds) };

        InvalidRequestException wrong = Assert.Throws<InvalidRequestException>(budget.Validate);

        Assert.Contains("budget.reserve", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_time_nobody_is_asked()
    {
        bool isAsked = false;
        var budget = new Budget { Deadline = TimeSpan.Zero };

        Recommendation answer = await AskWith(
            (_, _) =>
            {
                isAsked = true;
                return ValueTask.FromResult(new RerankResult([], Mode.Full("", "")));
            },
            new RecommendRequest { UserId = "u4", Budget = budget });

        Assert.False(isAsked);
        Assert.Equal("base", answer.Mode.Name);
    }

    [Fact]
    public async Task An_unknown_pipeline_is_an_error_that_lists_those_there_are()
    {
        var recommender = new Recommender(Trained.Value, TimeProvider.System, new PipelineDefinition("llm"));

        InvalidRequestException wrong = await Assert.ThrowsAsync<InvalidRequestException>(async () =>
            await recommender.RecommendAsync(new RecommendRequest { UserId = "u4", Pipeline = "lm" }));

        Assert.Contains("'lm'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("llm", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("retrieval", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_request_is_not_answered()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await new Recommender(Trained.Value, TimeProvider.System)
                .RecommendAsync(new RecommendRequest { UserId = "u4" }, stop.Token));
    }

    [Fact]
    public void Nothing_to_learn_from_is_a_clear_error()
    {
        var empty = new TrainingData(
            new Catalog([new Item("a")]), [], InteractionMatrix.Build(0, 1, [], [], [], []), "none");

        ArgumentException e = Assert.Throws<ArgumentException>(() => SmallWorld.Train(empty));

        Assert.Contains("Import interactions first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_of_one_item_is_served()
    {
        var one = new TrainingData(
            new Catalog([new Item("a") { Title = "Only one" }]),
            [new User("x"), new User("y")],
            InteractionMatrix.Build(2, 1, [0], [0], [1], [0]),
            "one");

        Recommendation answer = await new Recommender(SmallWorld.Train(one), TimeProvider.System)
            .RecommendAsync(new RecommendRequest { UserId = "y" });

        Assert.Equal("a", Assert.Single(answer.Items).ItemId);
    }

    private static ValueTask<Recommendation> Ask(RecommendRequest request) =>
        new Recommender(Trained.Value, TimeProvider.System).RecommendAsync(request);

    private static ValueTask<Recommendation> AskWith(
        Func<RerankContext, CancellationToken, ValueTask<RerankResult>> rerank, RecommendRequest request) =>
        new Recommender(
                Trained.Value, TimeProvider.System, new PipelineDefinition("default") { Reranker = new Scripted(rerank) })
            .RecommendAsync(request);

    private sealed class Scripted(Func<RerankContext, CancellationToken, ValueTask<RerankResult>> rerank) : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop) => rerank(context, stop);
    }

    private sealed class Reversing : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            Ranking ranking = context.Ranking;
            float[] scores = new float[ranking.Order.Length];
            for (int place = 0; place < scores.Length; place++)
            {
                scores[ranking.Order[place]] = place;
            }

            return ValueTask.FromResult(new RerankResult(scores, Mode.Full(ReasonCode.Complete, "Reversed for the test.")));
        }
    }
}
