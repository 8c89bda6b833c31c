using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class AnthropicChatClientTests : IDisposable
{
    private const string Reply =
        """{"id":"msg","type":"message","role":"assistant","model":"c-1","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"A > "},{"type":"text","text":"B"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_creation_input_tokens":100,"cache_read_input_tokens":200,"output_tokens":5}}""";

    private readonly string _keyFile = Path.Combine(AppContext.BaseDirectory, "key-anthropic.txt");

    public AnthropicChatClientTests() => File.WriteAllText(_keyFile, "sk-ant-secret");

    public void Dispose() => File.Delete(_keyFile);

    [Fact]
    public async Task The_body_is_exact_and_the_shared_prefix_is_marked_where_it_ends()
    {
        using WireServer server = WireServer.Json(_ => (200, Reply));
        using var client = new AnthropicChatClient(Options(server.Address));
        var options = new ChatOptions
        {
            MaxOutputTokens = 50,
            Temperature = 0,
            StopSequences = ["END"],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        };
        new CallContext { SharedPrefixBytes = "Rank.<é>"u8.Length }.AddTo(options);
        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.System, "Rank."), new(ChatRole.User, "<é>question")], options);
        WireServer.Request request = server.Requests.Single();
        Assert.Equal("POST /v1/messages HTTP/1.1", request.Line);
        Assert.Equal("sk-ant-secret", request.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", request.Headers["anthropic-version"]);
        Assert.Equal(
            """{"model":"c","max_tokens":50,"system":[{"type":"text","text":"Rank."}],"messages":[{"role":"user","content":[{"type":"text","text":"<é>","cache_control":{"type":"ephemeral"}},{"type":"text","text":"question"}]}],"temperature":0,"stop_sequences":["END"],"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}""",
            request.Body);
        Assert.Equal("A > B", response.Text);
        Assert.Equal((310, 200, 5, 100), (
            response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount,
            response.Usage.AdditionalCounts!["cache_write_tokens"]));
    }

    [Theory]
    [InlineData(5, """system":[{"type":"text","text":"Rank.","cache_control":{"type":"ephemeral"}}]""")]
    [InlineData(0, """system":[{"type":"text","text":"Rank."}]""")]
    [InlineData(3, """system":[{"type":"text","text":"Ran","cache_control":{"type":"ephemeral"}},{"type":"text","text":"k."}]""")]
    [InlineData(6, """system":[{"type":"text","text":"Rank.","cache_control":{"type":"ephemeral"}}]""")]
    public async Task A_prefix_may_end_anywhere_but_not_inside_a_character(int bytes, string system)
    {
        using WireServer server = WireServer.Json(_ => (200, Reply));
        using var client = new AnthropicChatClient(Options(server.Address));
        var options = new ChatOptions();
        new CallContext { SharedPrefixBytes = bytes }.AddTo(options);
        await client.GetResponseAsync([new(ChatRole.System, "Rank."), new(ChatRole.User, "é?")], options);
        Assert.Contains(system, server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_gives_pieces_usage_and_reason()
    {
        using WireServer server = WireServer.Events(
            """{"type":"message_start","message":{"id":"msg","model":"c-1","usage":{"input_tokens":10,"cache_read_input_tokens":20,"output_tokens":1}}}""",
            """{"type":"ping"}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" > B"}}""",
            """{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":4}}""",
            """{"type":"message_stop"}""");
        using var client = new AnthropicChatClient(Options(server.Address));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("x"))
        {
            updates.Add(update);
        }

        ChatResponse response = updates.ToChatResponse();
        Assert.Equal("A > B", response.Text);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal((30, 20, 4), (
            response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task A_schema_that_is_not_taken_goes_into_the_prompt_from_then_on()
    {
        using WireServer server = WireServer.Json(request =>
            request.Body.Contains("output_config", StringComparison.Ordinal)
                ? (400, """{"type":"error","error":{"type":"invalid_request_error","message":"output_config: Extra inputs are not permitted"}}""")
                : (200, Reply));
        using var client = new AnthropicChatClient(Options(server.Address));
        var options = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        };
        await client.GetResponseAsync("rank", options);
        await client.GetResponseAsync("rank", options);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(ReplyForm.Text, client.FormOf());
        Assert.Contains("in the form of this JSON schema", server.Requests.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_are_typed_in_whole_and_streamed_replies()
    {
        using WireServer busy = WireServer.Json(
            _ => (529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));
        using var overloaded = new AnthropicChatClient(Options(busy.Address));
        Assert.Equal(
            ModelCallFailure.RateLimited,
            (await Assert.ThrowsAsync<ModelCallException>(() => overloaded.GetResponseAsync("x"))).Kind);

        (string Event, ModelCallFailure Kind)[] ends =
        [
            ("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"A"}}""", ModelCallFailure.Server),
            ("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ModelCallFailure.RateLimited),
            ("nonsense", ModelCallFailure.Malformed),
        ];
        foreach ((string data, ModelCallFailure kind) in ends)
        {
            using WireServer server = WireServer.Events(data);
            using var client = new AnthropicChatClient(Options(server.Address));
            ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(async () =>
            {
                await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("x"))
                {
                }
            });
            Assert.Equal(kind, failure.Kind);
        }
    }

    [Fact]
    public async Task Bedrock_gets_its_body_and_its_usage_is_read()
    {
        using WireServer server = WireServer.Json(_ => (200, """
            {"output":{"message":{"role":"assistant","content":[{"text":"A"}]}},"stopReason":"end_turn",
            "usage":{"inputTokens":10,"outputTokens":2,"totalTokens":12,"cacheReadInputTokens":30,"cacheWriteInputTokens":4}}
            """));
        using var client = new BedrockConverseChatClient(Options(server.Address) with { Model = "us.model:0" });
        var options = new ChatOptions { MaxOutputTokens = 9, Temperature = 0, StopSequences = ["END"] };
        new CallContext { SharedPrefixBytes = 5 }.AddTo(options);
        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.System, "Rank."), new(ChatRole.User, "one")], options);
        WireServer.Request request = server.Requests.Single();
        Assert.Equal("POST /model/us.model%3A0/converse HTTP/1.1", request.Line);
        Assert.Equal("Bearer sk-ant-secret", request.Headers["Authorization"]);
        Assert.Equal(
            """{"system":[{"text":"Rank."},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"one"}]}],"inferenceConfig":{"maxTokens":9,"temperature":0,"stopSequences":["END"]}}""",
            request.Body);
        Assert.Equal((44, 30, 2), (
            response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    private ProviderOptions Options(Uri address) => new()
    {
        Name = "claude",
        Kind = ProviderKind.Anthropic,
        Endpoint = address,
        Model = "c",
        Key = "file:" + _keyFile,
    };
}
