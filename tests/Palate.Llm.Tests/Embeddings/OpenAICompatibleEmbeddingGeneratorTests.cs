using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public sealed class OpenAICompatibleEmbeddingGeneratorTests : IDisposable
{
    private const string Key = "sk-very-secret";

    private readonly HttpClient _client = new();

    [Fact]
    public async Task The_request_is_the_golden_one_and_the_key_is_in_the_header_only()
    {
        using var server = new EmbeddingServer(Echo);
        var generator = Generator(server, new() { ApiKey = Key, Dimensions = 2 });
        await generator.GenerateAsync(["Amélie \"2001\"", "", "broken \ud800 half", "a\nb"]);
        (string path, string? authorization, string body) = Assert.Single(server.Requests);
        Assert.Equal("/v1/embeddings", path);
        Assert.Equal("Bearer " + Key, authorization);
        Assert.Equal(
            """{"model":"m1","input":["Amélie \"2001\""," ","broken """ + "\ufffd"
            + """ half","a\nb"],"encoding_format":"float","dimensions":2}""",
            body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1/")]
    public async Task The_endpoint_may_or_may_not_end_with_its_version(string suffix)
    {
        using var server = new EmbeddingServer(Echo);
        var options = new Settings { Path = suffix };
        await Generator(server, options).GenerateAsync(["x"]);
        (string path, string? authorization, string body) = Assert.Single(server.Requests);
        Assert.Equal("/v1/embeddings", path);
        Assert.Null(authorization);
        Assert.Equal("""{"model":"m1","input":["x"],"encoding_format":"float"}""", body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_are_joined_in_the_order_of_the_texts_with_their_usage_added_up(bool base64)
    {
        using var server = new EmbeddingServer(Echo);
        var generator = Generator(server, new() { BatchSize = 3, Base64 = base64 });
        string[] texts = [.. Enumerable.Range(1, 8).Select(length => new string('x', length))];
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(texts);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], found.Select(embedding => (int)embedding.Vector.Span[0]));
        Assert.All(found, embedding => Assert.Equal(0.5f, embedding.Vector.Span[1]));
        Assert.Equal(80, found.Usage!.InputTokenCount);
        Assert.Equal(80, found.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_call_may_ask_for_another_model_and_length()
    {
        using var server = new EmbeddingServer(Echo);
        await Generator(server, new()).GenerateAsync(
            ["x"], new EmbeddingGenerationOptions { ModelId = "m2", Dimensions = 5 });
        Assert.Equal(
            """{"model":"m2","input":["x"],"encoding_format":"float","dimensions":5}""", server.Requests.Single().Body);
    }

    [Fact]
    public async Task A_long_text_is_cut_between_characters()
    {
        using var server = new EmbeddingServer(Echo);
        await Generator(server, new() { MaxCharacters = 4 }).GenerateAsync(["abc\U0001F600def"]);
        Assert.Contains("[\"abc\"]", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "check the key")]
    [InlineData(403, "check the key")]
    [InlineData(404, "serves the model 'm1'")]
    [InlineData(400, "check the model's name")]
    [InlineData(413, "lower BatchSize")]
    [InlineData(429, "wait, or lower the rate")]
    [InlineData(503, "try again later")]
    public async Task A_refusal_says_its_status_and_what_to_do_and_never_the_key(int status, string remedy)
    {
        using var server = new EmbeddingServer(
            _ => (status, $$$"""{"error":{"message":"no: {{{Key}}} is\n bad"}}"""));
        EmbeddingException error = await Assert.ThrowsAsync<EmbeddingException>(
            () => Generator(server, new() { ApiKey = Key }).GenerateAsync(["x"]));
        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Contains($"answered {status}", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(status >= 429, error.IsTransient);
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(7) : null, error.RetryAfter);
        Assert.Equal(status is not (401 or 403), error.Message.Contains("no: *** is bad", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":99999999999,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":["a"]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":"AAA"}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"AADAfw=="},{"index":1,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},3]}""")]
    public async Task An_unusable_answer_is_an_error_that_says_so(string answer)
    {
        using var server = new EmbeddingServer(_ => (200, answer));
        EmbeddingException error = await Assert.ThrowsAsync<EmbeddingException>(
            () => Generator(server, new()).GenerateAsync(["x", "y"]));
        Assert.Contains("unusable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_index_or_usage_is_read_in_order()
    {
        using var server = new EmbeddingServer(_ => (200, """{"data":[{"embedding":[1]},{"embedding":[2]}]}"""));
        GeneratedEmbeddings<Embedding<float>> found = await Generator(server, new()).GenerateAsync(["x", "y"]);
        Assert.Equal([1f, 2f], found.Select(embedding => embedding.Vector.Span[0]));
        Assert.Null(found.Usage);
        Assert.Empty(await Generator(server, new()).GenerateAsync([]));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_an_error_with_its_address()
    {
        var server = new EmbeddingServer(Echo);
        OpenAICompatibleEmbeddingGenerator generator = Generator(server, new());
        server.Dispose();
        EmbeddingException error = await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["x"]));
        Assert.Null(error.Status);
        Assert.True(error.IsTransient);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_out_says_what_to_change()
    {
        using var client = new HttpClient(new TimedOut());
        using var generator = new OpenAICompatibleEmbeddingGenerator(
            client, new OpenAICompatibleEmbeddingOptions { Endpoint = new Uri("http://127.0.0.1:1"), Model = "m" });
        EmbeddingException error = await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["x"]));
        Assert.Contains("did not answer within 100 s", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Cancelling_is_not_an_error_of_the_server()
    {
        using var server = new EmbeddingServer(Echo);
        using var source = new CancellationTokenSource();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Generator(server, new()).GenerateAsync(["x"], cancellationToken: source.Token));
    }

    [Fact]
    public void A_key_comes_from_a_variable_that_must_be_set()
    {
        const string name = "PALATE_TEST_EMBEDDING_KEY";
        Environment.SetEnvironmentVariable(name, null);
        var options = new OpenAICompatibleEmbeddingOptions
        {
            Endpoint = new Uri("http://127.0.0.1:1"),
            Model = "m",
            ApiKeyVariable = name,
        };
        var error = Assert.Throws<InvalidOperationException>(
            () => new OpenAICompatibleEmbeddingGenerator(_client, options));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(name, Key);
        using var generator = new OpenAICompatibleEmbeddingGenerator(_client, options);
        var metadata = (EmbeddingGeneratorMetadata?)generator.GetService(typeof(EmbeddingGeneratorMetadata));
        Assert.Equal("m", metadata!.DefaultModelId);
        Environment.SetEnvironmentVariable(name, null);
    }

    [Fact]
    public async Task Item_vectors_have_length_one()
    {
        using var server = new EmbeddingServer(Echo);
        (ItemVectors vectors, UsageDetails? usage) = await ItemEmbeddings.EmbedAsync(
            Generator(server, new()), ["x", "xxx"]);
        Assert.Equal(2, vectors.Count);
        Assert.Equal(1, vectors[1][0] * vectors[1][0] + vectors[1][1] * vectors[1][1], 5);
        Assert.Equal(20, usage!.TotalTokenCount);
    }

    public void Dispose() => _client.Dispose();

    // The vector of a text is its length and a half; the entries come in reverse order.
    private static (int Status, string Body) Echo(string request)
    {
        using var document = JsonDocument.Parse(request);
        bool base64 = document.RootElement.GetProperty("encoding_format").GetString() == "base64";
        string[] entries = [.. document.RootElement.GetProperty("input").EnumerateArray().Select((text, index) =>
        {
            float[] vector = [text.GetString()!.Length, 0.5f];
            string embedding = base64
                ? $"\"{Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()))}\""
                : JsonSerializer.Serialize(vector);
            return $$"""{"object":"embedding","index":{{index}},"embedding":{{embedding}}}""";
        })];
        Array.Reverse(entries);
        return (200, $$$"""
            {"object":"list","data":[{{{string.Join(',', entries)}}}],
             "usage":{"prompt_tokens":{{{10 * entries.Length}}},"total_tokens":{{{10 * entries.Length}}} } }
            """);
    }

    private OpenAICompatibleEmbeddingGenerator Generator(EmbeddingServer server, Settings settings) => new(
        _client,
        new OpenAICompatibleEmbeddingOptions
        {
            Endpoint = new Uri(server.Address, settings.Path),
            Model = "m1",
            ApiKey = settings.ApiKey,
            Dimensions = settings.Dimensions,
            BatchSize = settings.BatchSize,
            Base64 = settings.Base64,
            MaxCharacters = settings.MaxCharacters,
        });

    private sealed class TimedOut : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => throw new TaskCanceledException();
    }

    private sealed class Settings
    {
        public string Path { get; init; } = "";

        public string? ApiKey { get; init; }

        public int? Dimensions { get; init; }

        public int BatchSize { get; init; } = 96;

        public bool Base64 { get; init; }

        public int MaxCharacters { get; init; } = 1000;
    }
}
