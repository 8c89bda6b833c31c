using System.Diagnostics.CodeAnalysis;

namespace Palate.Tests;

/// <summary>Whatever a re-ranker does: the same items, by the deadline, in a mode that is true, with a reason that is safe.</summary>
public abstract class HostileRerankerContract : IDisposable
{
    private const string Secret = "sk-1234 at https://10.0.0.7/v1";
    private static readonly Lazy<Generation> Trained = new(() => SmallWorld.Train());
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, Func<HostileRerankerContract, RerankContext, ValueTask<RerankResult>>> Kinds = new()
    {
        ["NaN"] = (_, context) => Answer(Scores(context, float.NaN)),
        ["infinity"] = (_, context) => Answer(Scores(context, float.NegativeInfinity)),
        ["short"] = (_, context) => Answer(Scores(context, 1)[1..]),
        ["long"] = (_, context) => Answer([.. Scores(context, 1), 2]),
        ["empty but full"] = (_, _) => Answer([]),
        ["scores of null"] = (_, _) => Answer(null!),
        ["null"] = (_, _) => ValueTask.FromResult<RerankResult>(null!),
        ["throws at once"] = (_, _) => throw new InvalidOperationException(Secret),
        ["throws later"] = async (_, _) =>
        {
            await Task.Yield();
            throw new HttpRequestException(Secret);
        },
        ["cancels itself"] = (_, _) => throw new OperationCanceledException(Secret),
        ["cancelled task"] = (_, _) => new ValueTask<RerankResult>(Task.FromCanceled<RerankResult>(new CancellationToken(true))),
        ["hangs and ignores its token"] = (_, _) => new ValueTask<RerankResult>(new TaskCompletionSource<RerankResult>().Task),
        ["blocks its thread"] = (self, context) =>
        {
            self._released.Wait();
            return Answer(Scores(context, 1));
        },
        ["returns after the deadline"] = (self, context) =>
        {
            self.Time.Advance(Deadline);
            return Answer(Scores(context, 1));
        },
        ["throws after the deadline"] = (self, _) =>
        {
            self.Time.Advance(Deadline);
            throw new InvalidOperationException(Secret);
        },
    };

    private readonly ManualResetEventSlim _released = new();

    /// <summary>The hostile re-rankers.</summary>
    [SuppressMessage("Design", "CA1024", Justification = "The runner looks for a method or a property alike.")]
    public static TheoryData<string> Hostile => [.. Kinds.Keys];

    private protected ManualTime Time { get; } = new();

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task It_costs_its_judgment_and_nothing_else(string kind)
    {
        Recommendation plain = await new Recommender(Trained.Value, Time).RecommendAsync(Request);
        var hostile = new Scripted((context, _) => Kinds[kind](this, context));

        Task<Recommendation> asked = Recommender(hostile).RecommendAsync(Request).AsTask();
        await DeadlineComesAsync(asked);
        Recommendation answer = await asked;

        Assert.Equal(Expected(plain), answer.Items.Select(item => item.ItemId));
        Assert.Equal(ExpectedMode, answer.Mode.Name);
        Assert.NotEmpty(answer.ReasonCode);
        Assert.DoesNotContain("sk-1234", answer.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.7", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_asks_the_recommender_itself_is_answered()
    {
        Recommender recommender = null!;
        var reentrant = new Scripted(async (context, token) =>
        {
            Recommendation inner = await recommender.RecommendAsync(Request with { Pipeline = "retrieval" }, token);
            return new RerankResult(Scores(context, 1), Mode.Full(ReasonCode.Complete, $"Saw {inner.Items.Count}."));
        });
        recommender = Recommender(reentrant);

        Recommendation answer = await recommender.RecommendAsync(Request);

        Assert.True(answer.Mode.IsJudged, answer.Reason);
        Assert.Contains($"Saw {Request.Count}.", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_it_and_is_not_held_up_by_what_its_token_calls()
    {
        using var leaving = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hostile = new Scripted((_, token) =>
        {
            token.Register(() =>
            {
                cancelled.TrySetResult();
                _released.Wait();
                throw new InvalidOperationException(Secret);
            });
            entered.TrySetResult();
            return new ValueTask<RerankResult>(new TaskCompletionSource<RerankResult>().Task);
        });

        Task<Recommendation> asked = Recommender(hostile).RecommendAsync(Request, leaving.Token).AsTask();
        await entered.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await cancelled.Task;
    }

    public void Dispose()
    {
        _released.Set();
        GC.SuppressFinalize(this);
    }

    private protected static RecommendRequest Request { get; } = new() { UserId = "u4", Count = 20 };

    private protected virtual string ExpectedMode => "base";

    private protected virtual IEnumerable<string> Expected(Recommendation plain) => plain.Items.Select(item => item.ItemId);

    private protected abstract IReranker Chain(IReranker hostile);

    /// <summary>Moves the clock until the request has been answered, past limits and the deadline.</summary>
    private protected virtual async Task DeadlineComesAsync(Task asked)
    {
        while (!asked.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private static float[] Scores(RerankContext context, float score) =>
        [.. Enumerable.Repeat(score, context.Ranking.Candidates.Count)];

    private static ValueTask<RerankResult> Answer(float[] scores) =>
        ValueTask.FromResult(new RerankResult(scores, Mode.Full(ReasonCode.Complete, "Trust me.")));

    private Recommender Recommender(IReranker hostile) => new(Trained.Value, Time, new PipelineDefinition("default")
    {
        Reranker = Chain(hostile),
        Budget = new Budget { Deadline = Deadline },
    });

    private protected sealed class Scripted(Func<RerankContext, CancellationToken, ValueTask<RerankResult>> rerank) : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop) => rerank(context, stop);
    }

    private protected sealed class Reversing : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            float[] scores = new float[context.Ranking.Order.Length];
            for (int place = 0; place < scores.Length; place++)
            {
                scores[context.Ranking.Order[place]] = place;
            }

            return ValueTask.FromResult(new RerankResult(scores, Mode.Full(ReasonCode.Complete, "Reversed.")));
        }
    }
}

public sealed class HostileSingleTierTests : HostileRerankerContract
{
    private protected override IReranker Chain(IReranker hostile) => hostile;
}

public sealed class HostileOnlyTierTests : HostileRerankerContract
{
    private protected override IReranker Chain(IReranker hostile) => new Cascade([new("hostile", hostile)], Time);
}

public sealed class HostileLastTierTests : HostileRerankerContract
{
    private protected override IReranker Chain(IReranker hostile) => new Cascade(
        [
            new("closed", new Reversing()) { Objection = _ => "It is closed." },
            new("hostile", hostile),
        ],
        Time);
}
