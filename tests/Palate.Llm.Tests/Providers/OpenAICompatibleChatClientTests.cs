using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class OpenAICompatibleChatClientTests : IDisposable
{
    private const string Reply =
        """{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"{\"order\":[\"A\"]}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_tokens_details":{"cached_tokens":64}}}""";

    private static readonly List<ChatMessage> Messages =
        [new(ChatRole.System, "Rank."), new(ChatRole.User, "[A] it's <b>")];

    private readonly string _keyFile = Path.Combine(AppContext.BaseDirectory, "key-openai.txt");

    public OpenAICompatibleChatClientTests() => File.WriteAllText(_keyFile, "sk-secret\n");

    public void Dispose() => File.Delete(_keyFile);

    public static TheoryData<ProviderKind, string, string> Bodies() => new()
    {
        {
            ProviderKind.OpenAI, "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_completion_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5,"prompt_cache_key":"a753b8a8394b2b453e1e2f604e1d4b28"}"""
        },
        {
            ProviderKind.AzureOpenAI, "/openai/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_completion_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5,"prompt_cache_key":"a753b8a8394b2b453e1e2f604e1d4b28"}"""
        },
        {
            ProviderKind.Vllm, "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5,"cache_salt":"8cb7b959af978d34ea155f6190f7a18d"}"""
        },
        {
            ProviderKind.Tgi, "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_object","value":{"type":"object"}},"logprobs":true,"top_logprobs":5}"""
        },
        {
            ProviderKind.LlamaCpp, "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5,"cache_prompt":true}"""
        },
        {
            ProviderKind.Ollama, "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5}"""
        },
        {
            ProviderKind.BedrockOpenAI, "/openai/v1/chat/completions",
            """{"model":"m","messages":[{"role":"system","content":"Rank."},{"role":"user","content":"[A] it's <b>"}],"max_completion_tokens":50,"temperature":0,"seed":3,"stop":["END"],"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object"}}},"logprobs":true,"top_logprobs":5}"""
        },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Each_kind_of_server_gets_its_body_to_the_byte(ProviderKind kind, string path, string body)
    {
        using WireServer server = WireServer.Json(_ => (200, Reply));
        using OpenAICompatibleChatClient client = Client(server.Address, kind);
        ChatResponse response = await client.GetResponseAsync(Messages, Options());
        WireServer.Request request = server.Requests.Single();
        Assert.Equal($"POST {path} HTTP/1.1", request.Line);
        Assert.Equal(body, request.Body);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("sk-secret", kind == ProviderKind.AzureOpenAI
            ? request.Headers["api-key"]
            : request.Headers["Authorization"].Replace("Bearer ", "", StringComparison.Ordinal));
        Assert.Equal(kind != ProviderKind.AzureOpenAI, request.Headers.ContainsKey("Authorization"));

        Assert.Equal("{\"order\":[\"A\"]}", response.Text);
        Assert.Equal("m-1", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((100, 64, 7), (
            response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task Azure_with_a_version_asks_the_deployment()
    {
        using WireServer server = WireServer.Json(_ => (200, Reply));
        using var client = new OpenAICompatibleChatClient(new ProviderOptions
        {
            Name = "azure",
            Kind = ProviderKind.AzureOpenAI,
            Endpoint = server.Address,
            Model = "gpt mini",
            Key = "file:" + _keyFile,
            ApiVersion = "2024-10-21",
        });
        await client.GetResponseAsync(Messages);
        Assert.Equal(
            "POST /openai/deployments/gpt%20mini/chat/completions?api-version=2024-10-21 HTTP/1.1",
            server.Requests.Single().Line);
    }

    [Fact]
    public async Task Without_a_key_none_is_sent_and_connections_are_kept()
    {
        using WireServer server = WireServer.Json(_ => (200, Reply));
        using var client = new OpenAICompatibleChatClient(
            new ProviderOptions { Name = "local", Kind = ProviderKind.Vllm, Endpoint = server.Address, Model = "m" });
        for (int i = 0; i < 5; i++)
        {
            await client.GetResponseAsync(Messages);
        }

        Assert.All(server.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task First_tokens_are_read_and_broken_characters_do_not_hurt()
    {
        using WireServer server = WireServer.Json(_ => (200, """
            {"choices":[{"message":{"content":"yes"},"finish_reason":"length","logprobs":{"content":[{"token":"yes","logprob":-0.1,
            "top_logprobs":[{"token":"yes","logprob":-0.1},{"token":"no","logprob":-2.4},{"token":"x","logprob":-9999}]},{"token":"!","logprob":0,"top_logprobs":[]}]}}]}
            """));
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.Vllm);
        ChatResponse response = await client.GetResponseAsync("a \ud800 b", Options());
        Assert.Equal(
            [new TokenProbability("yes", -0.1), new TokenProbability("no", -2.4), new TokenProbability("x", -9999)],
            TokenProbability.Of(response));
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Null(response.Usage);
        Assert.Contains("a \ufffd b", JsonElement.Parse(server.Requests.Single().Body)
            .GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_gives_pieces_first_tokens_usage_and_reason()
    {
        using WireServer server = WireServer.Events(
            """{"id":"x","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"B"},"logprobs":{"content":[{"token":"B","logprob":-0.2,"top_logprobs":[{"token":"B","logprob":-0.2}]}]}}]}""",
            """{"choices":[{"index":0,"delta":{"content":" > A"}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""",
            "[DONE]");
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.Vllm);
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Messages, Options()))
        {
            updates.Add(update);
        }

        ChatResponse response = updates.ToChatResponse();
        Assert.Equal("B > A", response.Text);
        Assert.Equal(12, response.Usage!.TotalTokenCount);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(new TokenProbability("B", -0.2), updates.SelectMany(TokenProbability.Of).Single());
        Assert.EndsWith(
            ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}", server.Requests.Single().Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_gives_way_to_JSON_mode_and_to_text_and_that_is_remembered()
    {
        using WireServer server = WireServer.Json(request =>
            request.Body.Contains("json_schema", StringComparison.Ordinal) && request.Body.Contains("response_format", StringComparison.Ordinal)
                ? (400, """{"error":{"message":"'response_format' of type 'json_schema' is not supported","type":"invalid_request_error"}}""")
                : request.Body.Contains("json_object", StringComparison.Ordinal)
                    ? (422, """{"detail":[{"msg":"unknown field response_format"}]}""")
                    : (200, Reply));
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAICompatible);
        Assert.Equal(ReplyForm.Schema, client.FormOf());
        await client.GetResponseAsync(Messages, Options());
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(ReplyForm.Text, client.FormOf());
        string last = server.Requests.Last().Body;
        Assert.DoesNotContain("response_format", last, StringComparison.Ordinal);
        Assert.Contains("""[A] it's <b>\n\nReply with JSON only""", last, StringComparison.Ordinal);
        await client.GetResponseAsync(Messages, Options());
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Parts_that_a_model_does_not_take_are_left_out_the_next_time()
    {
        using WireServer server = WireServer.Json(request =>
            request.Body.Contains("temperature", StringComparison.Ordinal)
                ? (400, """{"error":{"message":"Unsupported value: 'temperature' does not support 0","param":"temperature"}}""")
                : request.Body.Contains("max_completion_tokens", StringComparison.Ordinal)
                    ? (400, """{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}""")
                    : (200, Reply));
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAI);
        await client.GetResponseAsync(Messages, Options());
        Assert.Contains("\"max_tokens\":50", server.Requests.Last().Body, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(ReplyForm.Schema, client.FormOf());
    }

    [Theory]
    [InlineData(401, ModelCallFailure.Rejected)]
    [InlineData(403, ModelCallFailure.Rejected)]
    [InlineData(400, ModelCallFailure.Invalid)]
    [InlineData(404, ModelCallFailure.Invalid)]
    [InlineData(413, ModelCallFailure.Invalid)]
    [InlineData(408, ModelCallFailure.Timeout)]
    [InlineData(429, ModelCallFailure.RateLimited)]
    [InlineData(500, ModelCallFailure.Server)]
    [InlineData(503, ModelCallFailure.Server)]
    [InlineData(301, ModelCallFailure.Invalid)]
    public async Task A_refusal_is_typed_and_never_holds_the_key(int status, ModelCallFailure kind)
    {
        using WireServer server = WireServer.Json(
            _ => (status, """{"error":{"message":"Incorrect key sk-secret provided\u0007"}}"""), "Retry-After: 7\r\n");
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAI);
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(
            () => client.GetResponseAsync(Messages, Options()));
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
        Assert.DoesNotContain("sk-secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_content_filter_is_a_refusal_of_its_own()
    {
        using WireServer server = WireServer.Json(
            _ => (400, """{"error":{"message":"The response was filtered","code":"content_filter"}}"""));
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.AzureOpenAI);
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Messages));
        Assert.Equal(ModelCallFailure.Refused, failure.Kind);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":[7]}")]
    [InlineData("{\"choices\":[{\"message\":null}]}")]
    public async Task Garbage_is_malformed(string body)
    {
        using WireServer server = WireServer.Json(_ => (200, body));
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAI);
        Assert.Equal(
            ModelCallFailure.Malformed,
            (await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Messages))).Kind);
    }

    [Fact]
    public async Task Nobody_there_and_no_HTTP_are_network_failures()
    {
        Uri gone;
        using (WireServer server = WireServer.Json(_ => (200, Reply)))
        {
            gone = server.Address;
        }

        using OpenAICompatibleChatClient nobody = Client(gone, ProviderKind.OpenAI);
        Assert.Equal(
            ModelCallFailure.Network,
            (await Assert.ThrowsAsync<ModelCallException>(() => nobody.GetResponseAsync(Messages))).Kind);

        using var noise = new WireServer(async (_, stream, stop) =>
        {
            await stream.WriteAsync("\0\u0001 not http at all\r\n\r\n"u8.ToArray(), stop);
            throw new IOException();
        });
        using OpenAICompatibleChatClient client = Client(noise.Address, ProviderKind.OpenAI);
        Assert.Equal(
            ModelCallFailure.Network,
            (await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Messages))).Kind);
    }

    [Fact]
    public async Task A_reply_cut_in_the_middle_is_a_server_failure_and_streamed_pieces_stay()
    {
        using var server = new WireServer(async (request, stream, stop) =>
        {
            bool isStream = request.Body.Contains("\"stream\"", StringComparison.Ordinal);
            await stream.WriteAsync(
                isStream
                    ? WireServer.Begin("text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"A > \"}}]}\n\ndata: {\"cho")
                    : WireServer.Begin("application/json", Reply[..30]),
                stop);
            throw new IOException();
        });
        using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAI);
        Assert.Equal(
            ModelCallFailure.Server,
            (await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Messages))).Kind);
        string text = "";
        ModelCallException cut = await Assert.ThrowsAsync<ModelCallException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Messages))
            {
                text += update.Text;
            }
        });
        Assert.Equal(ModelCallFailure.Server, cut.Kind);
        Assert.Equal("A > ", text);
    }

    [Fact]
    public async Task An_orderly_end_without_a_reason_is_cut_too_and_an_error_in_the_stream_is_told()
    {
        using WireServer ended = WireServer.Events("""{"choices":[{"delta":{"content":"A"}}]}""");
        using WireServer told = WireServer.Events("""{"error":{"message":"boom sk-secret"}}""");
        foreach (WireServer server in (WireServer[])[ended, told])
        {
            using OpenAICompatibleChatClient client = Client(server.Address, ProviderKind.OpenAI);
            ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(async () =>
            {
                await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Messages))
                {
                }
            });
            Assert.Equal(ModelCallFailure.Server, failure.Kind);
            Assert.DoesNotContain("sk-secret", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hanging_and_dripping_servers_are_left_when_the_token_says_so()
    {
        var arrived = new TaskCompletionSource();
        using var hanging = new WireServer(async (_, _, stop) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        using OpenAICompatibleChatClient client = Client(hanging.Address, ProviderKind.OpenAI);
        using var stop = new CancellationTokenSource();
        Task<ChatResponse> call = client.GetResponseAsync(Messages, cancellationToken: stop.Token);
        await arrived.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        using var dripping = new WireServer(async (_, stream, end) =>
        {
            await stream.WriteAsync(WireServer.Begin("text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: "), end);
            await Task.Delay(Timeout.InfiniteTimeSpan, end);
        });
        using OpenAICompatibleChatClient slow = Client(dripping.Address, ProviderKind.OpenAI);
        using var enough = new CancellationTokenSource();
        string text = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in slow.GetStreamingResponseAsync(Messages, null, enough.Token))
            {
                text += update.Text;
                await enough.CancelAsync();
            }
        });
        Assert.Equal("A", text);
    }

    private static ChatOptions Options()
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = 50,
            Temperature = 0,
            Seed = 3,
            StopSequences = ["END"],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        };
        new CallContext { TopLogProbabilities = 5, PrefixHash = "prefix-1", Tenant = "acme" }.AddTo(options);
        return options;
    }

    private OpenAICompatibleChatClient Client(Uri address, ProviderKind kind) => new(new ProviderOptions
    {
        Name = "test",
        Kind = kind,
        Endpoint = address,
        Model = "m",
        Key = "file:" + _keyFile,
    });
}
