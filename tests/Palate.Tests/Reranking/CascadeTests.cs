namespace Palate.Tests;

public sealed class CascadeTests
{
    private static readonly RecommendRequest Request = new() { Query = "q" };

    [Theory]
    [InlineData("full")]
    [InlineData("partial")]
    public async Task The_first_tier_that_answers_keeps_its_mode_and_reason(string mode)
    {
        var later = new Scripted([0, 0, 0], "full", "Not reached.");

        RerankResult result = await Ask([new("llm", new Scripted([1, 2, 3], mode, "All 3.")), new("student", later)]);

        Assert.Equal([1, 2, 3], result.Scores);
        Assert.Equal((mode, "All 3."), (result.Mode.Name, result.Mode.Reason));
        Assert.Equal(0, later.Calls);
    }

    [Fact]
    public async Task A_later_tier_says_its_name_and_what_kept_the_earlier_ones()
    {
        RerankResult result = await Ask(
        [
            new("llm", new Scripted([9, 9, 9], "full", "")) { Objection = _ => "The breaker is open." },
            new("api", new Scripted([9, 9, 9], "base", "The key was rejected.")),
            new("student", new Scripted([1, 2, 3], "full", "All 3 were scored.")),
        ]);

        Assert.Equal([1, 2, 3], result.Scores);
        Assert.Equal("cascade:student", result.Mode.Name);
        Assert.Equal(
            "llm: The breaker is open. api: The key was rejected. student: All 3 were scored.", result.Mode.Reason);
    }

    [Fact]
    public async Task The_base_order_is_at_the_end()
    {
        Ranking ranking = Ranking.OfCandidates(Candidates()).After("rank", [0.5f, 3, 1]);
        var cascade = new Cascade([new("llm", new Scripted([], "base", "No money is left."))], TimeProvider.System);

        RerankResult result = await cascade.RerankAsync(Context(ranking), CancellationToken.None);

        Assert.Equal("base", result.Mode.Name);
        Assert.Empty(result.Scores);
        Assert.EndsWith("The base order stands.", result.Mode.Reason, StringComparison.Ordinal);
        Assert.Equal("base", (await Ask([])).Mode.Name);
    }

    [Fact]
    public async Task A_tier_that_means_the_base_order_ends_the_cascade()
    {
        var later = new Scripted([1, 2, 3], "full", "Not reached.");

        RerankResult result = await Ask([new("llm", new Decided()), new("student", later)]);

        Assert.Equal(("base", 0), (result.Mode.Name, later.Calls));
        Assert.Empty(result.Scores);
        Assert.Equal("llm: It would change nothing.", result.Mode.Reason);
    }

    [Fact]
    public async Task A_tier_leaves_time_and_what_it_used_up_is_gone_for_the_next()
    {
        var first = new Looking(new RerankUsage { PromptTokens = 700, OutputTokens = 100, MicroDollars = 9_000 });
        var second = new Looking(new RerankUsage { PromptTokens = 50 });
        RerankContext context = Context(Ranking.OfCandidates(Candidates())) with
        {
            Budget = new Budget { Tokens = 1000, MicroDollars = 5_000 },
            Deadline = long.MaxValue / 2,
        };

        RerankResult result = await new Cascade(
            [new("llm", first) { Reserve = TimeSpan.FromSeconds(1) }, new("api", second)],
            TimeProvider.System).RerankAsync(context, CancellationToken.None);

        Assert.Equal(context.Deadline - TimeProvider.System.TimestampFrequency, first.Seen!.Deadline);
        Assert.Equal(context.Deadline, second.Seen!.Deadline);
        Assert.Equal((1000, 5_000L), (first.Seen.Budget.Tokens, first.Seen.Budget.MicroDollars));
        Assert.Equal((200, 0L), (second.Seen.Budget.Tokens, second.Seen.Budget.MicroDollars));
        Assert.Equal(750, result.Usage!.PromptTokens);
    }

    [Fact]
    public async Task A_tier_that_fails_or_answers_nonsense_is_passed_over()
    {
        CascadeTier[] broken =
        [
            new("throws", new Scripted(() => throw new InvalidOperationException("secret"))),
            new("cancels", new Scripted(() => throw new OperationCanceledException())),
            new("objects badly", new Scripted([1, 2, 3], "full", "")) { Objection = _ => throw new TimeoutException() },
            new("short", new Scripted([1, 2], "full", "")),
            new("nan", new Scripted([1, float.NaN, 2], "full", "")),
            new("infinite", new Scripted([1, float.PositiveInfinity, 2], "full", "")),
        ];

        RerankResult result = await Ask([.. broken, new("student", new Scripted([1, 2, 3], "partial", "Two of 3."))]);

        Assert.Equal("cascade:student", result.Mode.Name);
        Assert.All(broken, tier => Assert.Contains($"{tier.Name}: ", result.Mode.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", result.Mode.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tier_that_hangs_is_left_behind_at_its_limit_and_the_next_one_answers()
    {
        var time = new ManualTime();
        var hanging = new Scripted(() => new TaskCompletionSource<RerankResult>().Task);
        var cascade = new Cascade(
            [
                new("llm", hanging) { Limit = TimeSpan.FromMilliseconds(80) },
                new("student", new Scripted([1, 2, 3], "full", "All 3.")),
            ],
            time);

        ValueTask<RerankResult> pending = cascade.RerankAsync(
            Context(Ranking.OfCandidates(Candidates())), CancellationToken.None);
        time.Advance(79);
        Assert.False(pending.IsCompleted);
        time.Advance(1);
        RerankResult result = await pending;

        Assert.Equal("cascade:student", result.Mode.Name);
        Assert.Equal("llm: It took longer than its limit. student: All 3.", result.Mode.Reason);
    }

    [Fact]
    public async Task The_deadline_ends_it_with_the_base_order()
    {
        using var deadline = new CancellationTokenSource();
        var later = new Scripted([1, 2, 3], "full", "All 3.");
        var cascade = new Cascade(
            [new("llm", new Scripted(() => new TaskCompletionSource<RerankResult>().Task)), new("student", later)],
            TimeProvider.System);

        ValueTask<RerankResult> pending = cascade.RerankAsync(
            Context(Ranking.OfCandidates(Candidates())), deadline.Token);
        await deadline.CancelAsync();
        RerankResult result = await pending;

        Assert.Equal("base", result.Mode.Name);
        Assert.Equal(0, later.Calls);
        Assert.Equal(
            "llm: The deadline came first. student: No time was left. The base order stands.", result.Mode.Reason);
    }

    [Fact]
    public void Tiers_without_a_name_of_their_own_or_without_time_are_refused()
    {
        var tier = new CascadeTier("llm", new Scripted([], "full", ""));

        Assert.Throws<ArgumentException>(() => new Cascade([tier, tier], TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new Cascade([tier with { Name = " " }], TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new Cascade([tier with { Limit = TimeSpan.Zero }], TimeProvider.System));
    }

    private static async Task<RerankResult> Ask(CascadeTier[] tiers) => await new Cascade(tiers, TimeProvider.System)
        .RerankAsync(Context(Ranking.OfCandidates(Candidates())), CancellationToken.None);

    private static Mode ModeOf(string name, string reason) => name switch
    {
        "full" => Mode.Full(ReasonCode.Complete, reason),
        "partial" => Mode.Partial(ReasonCode.Incomplete, reason),
        _ => Mode.Base(ReasonCode.Unavailable, reason),
    };

    private static RerankContext Context(Ranking ranking) => new()
    {
        Ranking = ranking,
        Request = Request,
        Generation = null!,
        Profile = Profile.OfEvents(-1, [], [], []),
        Pipeline = "llm",
        Budget = new Budget(),
        Deadline = long.MaxValue,
    };

    private static CandidateSet Candidates() => new(["source"], [4, 7, 9], [3, 2, 1], [1, 2, 3], [3, 2, 1]);

    private sealed class Scripted(Func<Task<RerankResult>> answer) : IReranker
    {
        public Scripted(float[] scores, string mode, string reason)
            : this(() => Task.FromResult(new RerankResult(scores, ModeOf(mode, reason))))
        {
        }

        public int Calls { get; private set; }

        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            Calls++;
            return new ValueTask<RerankResult>(answer());
        }
    }

    private sealed class Decided : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop) =>
            ValueTask.FromResult(new RerankResult([], Mode.Base("", "It would change nothing.")) { IsDecided = true });
    }

    private sealed class Looking(RerankUsage usage) : IReranker
    {
        public RerankContext? Seen { get; private set; }

        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            Seen = context;
            return ValueTask.FromResult(new RerankResult([], Mode.Base("", "Looked.")) { Usage = usage });
        }
    }
}
