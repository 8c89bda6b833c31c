namespace Palate.Tests;

/// <summary>What a pipeline's rewriting does to a request, also when the rewriter is late, broken or wrong.</summary>
public sealed class RewritingTests
{
    private static readonly Lazy<Generation> Trained = new(() => SmallWorld.Train());

    [Fact]
    public async Task A_query_is_searched_by_as_it_was_rewritten_and_the_answer_says_so()
    {
        var seen = new Seen();
        Recommendation plain = await AskAsync(null, seen);
        Assert.Equal("zzz", seen.Context!.Query);
        Recommendation rewritten = await AskAsync(new Rewriter(context => Task.FromResult(
            new RewrittenQuery("pistons oil", "rules") { Usage = new RerankUsage { PromptTokens = 90, OutputTokens = 10, MicroDollars = 7 } })), seen);

        Assert.DoesNotContain("text", plain.Items[0].Sources.Select(source => source.Source));
        Assert.Null(plain.Rewriting);
        Assert.All(rewritten.Items, item => Assert.StartsWith("Loud engine", item.Title, StringComparison.Ordinal));
        Assert.Equal("pistons oil", rewritten.Rewriting!.Query);
        Assert.Equal("rewrite", rewritten.Timings[0].Stage);
        Assert.Equal(("zzz", "pistons oil"), (seen.Context!.Request.Query, seen.Context.Query));

        // What it cost is gone from the request's budget.
        Assert.Equal((900, 93), (seen.Context.Budget.Tokens, seen.Context.Budget.MicroDollars));
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("blank")]
    [InlineData("endless")]
    public async Task A_broken_rewriter_costs_its_words_and_nothing_else(string how)
    {
        Recommendation plain = await AskAsync(null);
        Recommendation answer = await AskAsync(new Rewriter(_ => how switch
        {
            "throws" => throw new InvalidOperationException("no words today"),
            "blank" => Task.FromResult(new RewrittenQuery("  ", "model")),
            _ => Task.FromResult(new RewrittenQuery(new string('x', RecommendRequest.MaxQueryLength + 1), "model")),
        }));

        Assert.Equal(("zzz", "none"), (answer.Rewriting!.Query, answer.Rewriting.By));
        Assert.NotEmpty(answer.Rewriting.Reason!);
        Assert.Equal(plain.Items.Select(item => item.ItemId), answer.Items.Select(item => item.ItemId));
    }

    [Fact]
    public async Task A_rewriter_that_hangs_takes_a_quarter_of_the_time_and_no_more()
    {
        var time = new ManualTime();
        var given = new TaskCompletionSource<Budget>();
        var rewriter = new Rewriter(context =>
        {
            given.SetResult(context.Budget);
            return new TaskCompletionSource<RewrittenQuery>().Task;
        });

        Task<Recommendation> asked = AskAsync(rewriter, null, time);
        Budget own = await given.Task;
        time.Advance(49);
        Assert.False(asked.IsCompleted);
        time.Advance(1);
        Recommendation answer = await asked;

        Assert.Equal(TimeSpan.FromMilliseconds(50), own.Deadline);
        Assert.Equal("none", answer.Rewriting!.By);
        Assert.Contains("share of the time", answer.Rewriting.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Items);
    }

    [Fact]
    public async Task Without_a_query_there_is_nothing_to_rewrite()
    {
        var definition = new PipelineDefinition("p")
        {
            Rewriting = _ => new Rewriter(_ => throw new InvalidOperationException("Nobody asked.")),
        };
        var recommender = new Recommender(Trained.Value, TimeProvider.System, definition);

        foreach (string? query in (string?[])[null, "", " "])
        {
            Recommendation answer = await recommender.RecommendAsync(
                new RecommendRequest { UserId = "u4", Pipeline = "p", Query = query });
            Assert.Null(answer.Rewriting);
            Assert.DoesNotContain("rewrite", answer.Timings.Select(timing => timing.Stage));
        }
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_no_answer()
    {
        using var stop = new CancellationTokenSource();
        var rewriter = new Rewriter(async _ =>
        {
            await stop.CancelAsync();
            throw new OperationCanceledException(stop.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(rewriter, null, null, stop.Token));
    }

    private static async Task<Recommendation> AskAsync(
        IQueryRewriter? rewriter, IReranker? reranker = null, TimeProvider? time = null, CancellationToken stop = default)
    {
        int made = 0;
        var definition = new PipelineDefinition("p")
        {
            Rewriting = rewriter is null ? null : generation =>
            {
                Assert.Same(Trained.Value, generation);
                made++;
                return rewriter;
            },
            Reranker = reranker,
            Budget = new Budget { Deadline = TimeSpan.FromMilliseconds(200), Tokens = 1000, MicroDollars = 100 },
        };
        var recommender = new Recommender(Trained.Value, time ?? new ManualTime(), definition);
        Assert.Equal(rewriter is null ? 0 : 1, made);
        return await recommender.RecommendAsync(
            new RecommendRequest { UserId = "u4", Pipeline = "p", Query = "zzz", Count = 5 }, stop);
    }

    private sealed class Rewriter(Func<RewriteContext, Task<RewrittenQuery>> rewrite) : IQueryRewriter
    {
        public async ValueTask<RewrittenQuery> RewriteAsync(RewriteContext context, CancellationToken stop = default) =>
            await rewrite(context);
    }

    private sealed class Seen : IReranker
    {
        public RerankContext? Context { get; private set; }

        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            Context = context;
            return ValueTask.FromResult(new RerankResult([], default));
        }
    }
}
