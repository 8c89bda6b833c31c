using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class CacheTests
{
    private readonly ManualTime _time = new();

    public static TheoryData<string> Changes => [.. KeyChanges.Keys];

    // Everything that can change an answer. A property of ChatOptions that is not here fails the test below it.
    private static readonly Dictionary<string, Func<ChatOptions, ChatOptions>> KeyChanges = new()
    {
        ["ConversationId"] = options => Set(options, o => o.ConversationId = "c"),
        ["Instructions"] = options => Set(options, o => o.Instructions = "be brief"),
        ["Temperature"] = options => Set(options, o => o.Temperature = 0.5f),
        ["TopP"] = options => Set(options, o => o.TopP = 0.5f),
        ["TopK"] = options => Set(options, o => o.TopK = 5),
        ["FrequencyPenalty"] = options => Set(options, o => o.FrequencyPenalty = 0.5f),
        ["PresencePenalty"] = options => Set(options, o => o.PresencePenalty = 0.5f),
        ["Seed"] = options => Set(options, o => o.Seed = 5),
        ["MaxOutputTokens"] = options => Set(options, o => o.MaxOutputTokens = 5),
        ["Reasoning"] = options => Set(options, o => o.Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low }),
        ["ResponseFormat"] = options => Set(options, o => o.ResponseFormat = ChatResponseFormat.Json),
        ["ResponseFormat.Schema"] = options => Set(options, o => o.ResponseFormat = Schema("""{ "type": "array" }""")),
        ["ResponseFormat.Schema 2"] = options => Set(options, o => o.ResponseFormat = Schema("""{ "type": "object" }""")),
        ["ModelId"] = options => Set(options, o => o.ModelId = "other"),
        ["StopSequences"] = options => Set(options, o => o.StopSequences = ["a", "b"]),
        ["StopSequences 2"] = options => Set(options, o => o.StopSequences = ["ab"]),
        ["AllowMultipleToolCalls"] = options => Set(options, o => o.AllowMultipleToolCalls = false),
        ["ToolMode"] = options => Set(options, o => o.ToolMode = ChatToolMode.RequireAny),
        ["ToolMode 2"] = options => Set(options, o => o.ToolMode = ChatToolMode.None),
        ["Tools"] = options => Set(options, o => o.Tools = [Tool("f", "does")]),
        ["Tools 2"] = options => Set(options, o => o.Tools = [Tool("f", "does more")]),
        ["AllowBackgroundResponses"] = options => Set(options, o => o.AllowBackgroundResponses = true),
        ["AdditionalProperties"] = options => Set(options, o => o.AdditionalProperties!["effort"] = "low"),
        ["AdditionalProperties 2"] = options => Set(options, o => o.AdditionalProperties!["effort"] = 1),
        ["Tenant"] = options => Context(options, context => context with { Tenant = "acme" }),
        ["TemplateHash"] = options => Context(options, context => context with { TemplateHash = "t" }),
        ["TopLogProbabilities"] = options => Context(options, context => context with { TopLogProbabilities = 5 }),
        ["Repeat"] = options => Context(options, context => context with { Repeat = 1 }),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_can_change_the_answer_changes_the_key(string change)
    {
        ChatMessage[] messages = [new(ChatRole.User, "x")];
        string plain = RequestKey.Of(messages, new ChatOptions(), "m", withTenant: true)!;
        var options = new ChatOptions { AdditionalProperties = [] };

        string changed = RequestKey.Of(messages, KeyChanges[change](options), "m", withTenant: true)!;

        Assert.NotEqual(plain, changed);
        Assert.Equal(64, changed.Length);
        Assert.Equal(plain, RequestKey.Of(messages, new ChatOptions(), "m", withTenant: true));
        IEnumerable<string> others = KeyChanges.Where(other => other.Key != change).Select(other => RequestKey.Of(
            messages, other.Value(new ChatOptions { AdditionalProperties = [] }), "m", withTenant: true)!);
        Assert.DoesNotContain(changed, others);
    }

    [Fact]
    public void No_option_is_forgotten()
    {
        string[] never = ["RawRepresentationFactory", "ContinuationToken"];

        Assert.All(
            typeof(ChatOptions).GetProperties().Select(property => property.Name).Except(never),
            name => Assert.Contains(name, KeyChanges.Keys));
    }

    [Fact]
    public void Messages_and_their_borders_are_in_the_key()
    {
        ChatMessage[][] prompts =
        [
            [new(ChatRole.User, "ab"), new(ChatRole.User, "c")],
            [new(ChatRole.User, "a"), new(ChatRole.User, "bc")],
            [new(ChatRole.User, "abc")],
            [new(ChatRole.System, "abc")],
            [new(ChatRole.User, [new TextContent("ab"), new TextContent("c")])],
            [new(ChatRole.User, "abc") { AuthorName = "bob" }],
            [new(ChatRole.User, "abc ")],
            [],
        ];

        Assert.Equal(
            prompts.Length, prompts.Select(prompt => RequestKey.Of(prompt, null, "m", withTenant: true)).Distinct().Count());
        Assert.NotEqual(
            RequestKey.Of(prompts[0], null, "m", withTenant: true), RequestKey.Of(prompts[0], null, "n", withTenant: true));
    }

    [Fact]
    public void What_does_not_change_the_answer_does_not_change_the_key()
    {
        ChatMessage[] messages = [new(ChatRole.User, "x")];
        var context = new CallContext
        {
            Deadline = 5,
            Pipeline = "p",
            Variant = "v",
            Purpose = "x",
            EstimatedTokens = 3,
            Attempt = 2,
            IsHedge = true,
            PrefixHash = "k",
            NoStore = true,
            Budget = new(1, Money.Zero),
        };

        Assert.Equal(
            RequestKey.Of(messages, null, "m", withTenant: true),
            RequestKey.Of(messages, Ask.Options(context), "m", withTenant: true));
    }

    [Fact]
    public async Task What_cannot_be_compared_is_not_cached()
    {
        var model = new FakeModel();
        IChatClient client = Client(model);
        ChatOptions[] options =
        [
            new() { RawRepresentationFactory = _ => new object() },
            new() { AdditionalProperties = new() { ["x"] = new object() } },
        ];
        foreach (ChatOptions option in options)
        {
            await client.GetResponseAsync("x", option);
            await client.GetResponseAsync("x", option);
        }

        await client.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[3], "image/png")])]);
        await client.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[3], "image/png")])]);

        Assert.Equal(6, model.Calls);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_reply_is_given_again_with_all_that_came_with_it(bool first, bool second)
    {
        ChatResponse reply = FakeModel.Reply("a b c", 100, 3, 64);
        reply.AdditionalProperties = [];
        TokenProbability.Attach(reply.AdditionalProperties, [new("A", -0.5)]);
        var model = new FakeModel(_ => Task.FromResult(reply))
        {
            Stream = _ => reply.ToChatResponseUpdates().ToAsyncEnumerable(),
        };
        IChatClient client = Client(model);

        ChatResponse original = await Whole(client, first);
        ChatResponse again = await Whole(client, second);

        Assert.Equal(1, model.Calls);
        Assert.False(ReplyCache.IsFromCache(original));
        Assert.True(ReplyCache.IsFromCache(again));
        Assert.Equal(("a b c", "m-2026", ChatFinishReason.Stop), (again.Text, again.ModelId, again.FinishReason));
        Assert.Equal((100, 64, 3), (again.Usage!.InputTokenCount, again.Usage.CachedInputTokenCount, again.Usage.OutputTokenCount));
        Assert.Equal([new TokenProbability("A", -0.5)], TokenProbability.Of(again));
    }

    [Theory]
    [InlineData("", "stop")]
    [InlineData("half", "length")]
    [InlineData("no", "content_filter")]
    public async Task What_is_not_whole_is_not_kept(string text, string finish)
    {
        var model = new FakeModel(_ =>
        {
            ChatResponse reply = FakeModel.Reply(text);
            reply.FinishReason = new ChatFinishReason(finish);
            return Task.FromResult(reply);
        });
        IChatClient client = Client(model);

        await client.Reply();
        await client.Reply();
        await client.Streamed();

        Assert.Equal(3, model.Calls);
    }

    [Fact]
    public async Task A_stream_that_is_left_is_not_kept_and_one_that_is_read_is()
    {
        var model = new FakeModel("a b c");
        IChatClient client = Client(model);

        await client.Streamed(pieces: 1);
        Assert.Equal("a b c", await client.Streamed());
        Assert.Equal("a b c", await client.Streamed());
        Assert.Equal("a b c", (await client.Reply()).Text);

        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task A_request_can_do_without_reading_and_without_storing()
    {
        int number = 0;
        var model = new FakeModel(_ => Task.FromResult(FakeModel.Reply($"reply {++number}")));
        IChatClient client = Client(model);

        Assert.Equal("reply 1", (await client.Reply(context: new() { NoStore = true })).Text);
        Assert.Equal("reply 2", (await client.Reply()).Text);
        Assert.Equal("reply 2", (await client.Reply(context: new() { NoStore = true })).Text);
        Assert.Equal("reply 3", (await client.Reply(context: new() { NoCache = true })).Text);
        Assert.Equal("reply 3", (await client.Reply()).Text);
        Assert.Equal("reply 4", (await client.Reply(context: new() { NoCache = true, NoStore = true })).Text);
        Assert.Equal("reply 3", (await client.Reply()).Text);
    }

    [Fact]
    public async Task Replies_expire_and_those_not_used_for_the_longest_go_first()
    {
        var model = new FakeModel();
        var cache = new ReplyCache(new CacheOptions { Entries = 2, TimeToLive = TimeSpan.FromMinutes(1) }, _time);
        IChatClient client = new CallChain(_time).Cache(cache).Build(model);

        await client.Reply("a");
        await client.Reply("b");
        await client.Reply("a");
        await client.Reply("c");
        Assert.Equal((3, 2), (model.Calls, cache.Count));
        await client.Reply("a");
        Assert.Equal(3, model.Calls);
        await client.Reply("b");
        Assert.Equal(4, model.Calls);

        _time.Advance(60_000);
        await client.Reply("b");
        Assert.Equal(5, model.Calls);
    }

    [Fact]
    public void Memory_is_bounded_in_bytes()
    {
        var cache = new LruCache<string>(1000, 1000, _time);
        for (int number = 0; number < 100; number++)
        {
            cache.Put($"{number}", "x", _time.GetUtcNow().AddDays(1), 100);
        }

        Assert.Equal(10, cache.Count);
        Assert.True(cache.TryGet("99", out _));
        cache.Put("large", "x", _time.GetUtcNow().AddDays(1), 1001);
        Assert.False(cache.TryGet("large", out _));
        Assert.Equal(10, cache.Count);
    }

    [Fact]
    public async Task A_store_brings_replies_over_a_restart_and_may_fail()
    {
        var store = new DictionaryStore();
        var model = new FakeModel("a b");
        await Restarted().Reply();
        Assert.Equal("a b", (await Restarted().Reply()).Text);
        Assert.Equal(1, model.Calls);

        store.Damage();
        Assert.Equal("a b", (await Restarted().Reply()).Text);
        Assert.Equal(2, model.Calls);
        store.Fails = true;
        Assert.Equal("a b", (await Restarted().Reply()).Text);
        Assert.Equal(3, model.Calls);

        IChatClient Restarted() => new CallChain(_time)
            .Cache(new ReplyCache(new CacheOptions { Store = store }, _time)).Build(model);
    }

    [Fact]
    public async Task Of_sixty_items_with_forty_five_known_fifteen_are_asked_about()
    {
        var store = new DictionaryStore();
        var options = new CacheOptions { Store = store, TimeToLive = TimeSpan.FromMinutes(1) };
        var cache = new GradeCache(options, _time);
        string context = GradeCache.ContextKey("m", "template", "", "query", null);
        string[] items = [.. Enumerable.Range(0, 60).Select(item => $"item {item}")];
        cache.Put(context, [.. items[..45].Select((item, index) =>
            KeyValuePair.Create(item, new CachedGrade(index / 45.0, index % 2 == 0 ? $"why {index}" : null)))]);

        CachedGrade?[] grades = await new GradeCache(options, _time).GetAsync(context, items);

        Assert.Equal(15, grades.Count(grade => grade is null));
        Assert.Equal(new CachedGrade(44 / 45.0, "why 44"), grades[44]);
        Assert.Equal(new CachedGrade(1 / 45.0), grades[1]);
        Assert.Equal(new CachedGrade(0, "why 0"), Assert.Single(await cache.GetAsync(context, ["item 0"])));
        Assert.Null(Assert.Single(await cache.GetAsync(GradeCache.ContextKey("m", "template", "", "query", ""), ["item 0"])));
        Assert.Equal(60, (await cache.GetAsync(context + "x", items)).Count(grade => grade is null));
        _time.Advance(60_000);
        Assert.All(await cache.GetAsync(context, items), Assert.Null);
        Assert.All(await new GradeCache(options, _time).GetAsync(context, items), Assert.Null);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_grade_that_is_none_is_not_kept(double grade) =>
        Assert.Throws<ArgumentException>(() => new GradeCache(new(), _time).Put("c", "i", new CachedGrade(grade)));

    [Fact]
    public void Parts_of_a_context_do_not_run_together() =>
        Assert.NotEqual(GradeCache.ContextKey("ab", "c"), GradeCache.ContextKey("a", "bc"));

    private static async Task<ChatResponse> Whole(IChatClient client, bool stream) => stream
        ? await client.GetStreamingResponseAsync("x").ToChatResponseAsync()
        : await client.GetResponseAsync("x");

    private static ChatOptions Set(ChatOptions options, Action<ChatOptions> change)
    {
        change(options);
        return options;
    }

    private static ChatOptions Context(ChatOptions options, Func<CallContext, CallContext> change)
    {
        change(CallContext.Of(options)).AddTo(options);
        return options;
    }

    private static ChatResponseFormatJson Schema(string json) =>
        ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(json).RootElement);

    private static AIFunctionDeclaration Tool(string name, string description) => AIFunctionFactory.CreateDeclaration(
        name, description, JsonDocument.Parse("{}").RootElement);

    private IChatClient Client(FakeModel model) =>
        new CallChain(_time).Cache(new ReplyCache(new CacheOptions(), _time)).Build(model);

    internal sealed class DictionaryStore : ICacheStore
    {
        private readonly Dictionary<string, CacheRecord> _records = [];

        public bool Fails { get; set; }

        public ValueTask<IReadOnlyDictionary<string, CacheRecord>> GetAsync(
            IReadOnlyList<string> keys, CancellationToken stop) => Fails
            ? throw new InvalidOperationException("the disk is gone")
            : ValueTask.FromResult<IReadOnlyDictionary<string, CacheRecord>>(keys
                .Where(_records.ContainsKey).ToDictionary(key => key, key => _records[key]));

        public void Put(IReadOnlyList<KeyValuePair<string, CacheRecord>> records)
        {
            if (Fails)
            {
                throw new InvalidOperationException("the disk is gone");
            }

            foreach ((string key, CacheRecord record) in records)
            {
                _records[key] = record;
            }
        }

        public void Damage()
        {
            foreach (string key in _records.Keys)
            {
                _records[key] = _records[key] with { Value = "{ half"u8.ToArray() };
            }
        }
    }
}
