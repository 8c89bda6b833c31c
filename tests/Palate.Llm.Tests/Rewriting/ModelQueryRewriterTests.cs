using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class ModelQueryRewriterTests
{
    private const string Ruled = "quiet monitor";

    private static readonly QueryRewriter Rules = new(new RewriteOptions
    {
        Synonyms = new Dictionary<string, string> { ["screen"] = "monitor" },
    });

    private static readonly RewriteContext Query = new("The quiet screen");

    [Fact]
    public async Task A_model_adds_words_and_takes_none_away()
    {
        RewrittenQuery rewritten = await AskAsync(() => """Sure: {"query":"Silent, quiet! a b c d e f"}""");

        Assert.Equal(("quiet monitor silent a b c", "model"), (rewritten.Query, rewritten.By));
        Assert.Null(rewritten.Reason);
        Assert.Equal(1, rewritten.Usage!.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no")]
    [InlineData("{\"query\":")]
    [InlineData("{\"query\":7}")]
    [InlineData("[]")]
    [InlineData("{\"q\":\"x\"}")]
    [InlineData("{\"query\":\"...\"}")]
    public async Task A_reply_without_words_leaves_the_rules_words(string reply)
    {
        RewrittenQuery rewritten = await AskAsync(() => reply);

        Assert.Equal((Ruled, "rules"), (rewritten.Query, rewritten.By));
        Assert.Contains("has no query in it", rewritten.Reason, StringComparison.Ordinal);
        Assert.Equal(1, rewritten.Usage!.Calls);
    }

    [Fact]
    public async Task A_model_that_is_gone_leaves_the_rules_words_and_says_why()
    {
        RewrittenQuery rewritten = await AskAsync(() => throw new HttpRequestException("gone"));

        Assert.Equal((Ruled, "rules"), (rewritten.Query, rewritten.By));
        Assert.EndsWith("could not be asked: the call failed (HttpRequestException).", rewritten.Reason, StringComparison.Ordinal);
        Assert.Equal(1, rewritten.Usage!.Failures);
    }

    [Fact]
    public async Task Without_time_tokens_or_money_nobody_is_asked()
    {
        var counted = new OneReply(() => """{"query":"one"}""");
        ModelQueryRewriter rewriter = Rewriter(counted);

        foreach (Budget budget in (Budget[])
            [new() { Deadline = TimeSpan.Zero }, new() { Tokens = 0 }, new() { Tokens = 60 }, new() { MicroDollars = 0 }])
        {
            RewrittenQuery rewritten = await rewriter.RewriteAsync(Query with { Budget = budget });
            Assert.Equal((Ruled, "rules"), (rewritten.Query, rewritten.By));
            Assert.Contains("too little", rewritten.Reason, StringComparison.Ordinal);
            Assert.Null(rewritten.Usage);
        }

        Assert.Equal(0, counted.Calls);
    }

    [Fact]
    public async Task What_was_rewritten_is_kept_apart_for_each_tenant_unless_the_request_forbids_it()
    {
        var counted = new OneReply(() => """{"query":"one"}""");
        ModelQueryRewriter rewriter = Rewriter(counted);

        await rewriter.RewriteAsync(Query with { NoStore = true });
        await rewriter.RewriteAsync(Query);
        RewrittenQuery known = await rewriter.RewriteAsync(Query);
        Assert.Equal(("quiet monitor one", "model"), (known.Query, known.By));
        Assert.Null(known.Usage);
        Assert.Equal(2, counted.Calls);
        await rewriter.RewriteAsync(Query with { Tenant = "other" });
        await rewriter.RewriteAsync(Query with { NoCache = true });
        Assert.Equal(4, counted.Calls);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await rewriter.RewriteAsync(Query, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_model_that_hangs_is_left_behind_in_time_and_then_hardly_asked()
    {
        var time = new ManualTime();
        var hanging = new OneReply(null);
        var model = new ModelConnection("slow", hanging);
        var rewriter = new ModelQueryRewriter(model, Rules, new ModelRewriteOptions { Timeout = TimeSpan.FromMilliseconds(40) }, time);

        Task<RewrittenQuery> asked = rewriter.RewriteAsync(Query).AsTask();
        time.Advance(39);
        Assert.False(asked.IsCompleted);
        time.Advance(1);
        RewrittenQuery rewritten = await asked;

        Assert.Equal((Ruled, "rules"), (rewritten.Query, rewritten.By));
        Assert.Contains("within 40 ms", rewritten.Reason, StringComparison.Ordinal);

        for (int call = 0; call < 32; call++)
        {
            model.Latency.Observe(100, 0, 20, TimeSpan.FromSeconds(1));
        }

        hanging.Calls = 0;
        for (int request = 0; request < 16; request++)
        {
            Task<RewrittenQuery> next = rewriter.RewriteAsync(Query).AsTask();
            time.Advance(40);
            Assert.Equal(Ruled, (await next).Query);
        }

        Assert.Equal(2, hanging.Calls);
    }

    [Fact]
    public async Task The_call_says_who_pays_and_what_it_may_cost()
    {
        var asked = new OneReply(() => """{"query":"one"}""");

        await Rewriter(asked).RewriteAsync(Query with { Pipeline = "llm", Tenant = "t", Budget = new Budget { Tokens = 300 } });

        CallContext context = asked.Context!;
        Assert.Equal(("rewrite", "llm", "t"), (context.Purpose, context.Pipeline, context.Tenant));
        Assert.Equal(300, context.Budget!.RemainingTokens);
        Assert.NotNull(context.Deadline);
    }

    [Fact]
    public void Options_out_of_their_limits_say_so()
    {
        foreach (ModelRewriteOptions wrong in (ModelRewriteOptions[])
        [
            new() { Timeout = TimeSpan.Zero }, new() { Tokens = 0 }, new() { MicroDollars = 0 },
        ])
        {
            Assert.Throws<ArgumentException>(() => new ModelQueryRewriter(new ModelConnection("m", new OneReply(null)), Rules, wrong));
        }
    }

    private static async Task<RewrittenQuery> AskAsync(Func<string> reply) =>
        await Rewriter(new OneReply(reply)).RewriteAsync(Query);

    private static ModelQueryRewriter Rewriter(OneReply client) => new(
        new ModelConnection("m", client), Rules, new ModelRewriteOptions { Timeout = TimeSpan.FromMinutes(1) });

    private sealed class OneReply(Func<string>? reply) : IChatClient
    {
        public int Calls { get; set; }

        public CallContext? Context { get; private set; }

        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            Context = CallContext.Of(options);
            if (reply is null)
            {
                // It does not listen to its token, either.
                await new TaskCompletionSource().Task;
            }

            return new ChatResponse(new ChatMessage(ChatRole.Assistant, reply!()));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
