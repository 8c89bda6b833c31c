using System.Globalization;
using System.Text.Json;

namespace Palate.Llm.Tests;

public sealed class RerankApiTests
{
    [Theory]
    [InlineData(RerankApiKind.Cohere, "/v2/rerank", """{"model":"r","query":"q","documents":["a"," "],"max_tokens_per_doc":4096}""")]
    [InlineData(RerankApiKind.Jina, "/v1/rerank", """{"model":"r","query":"q","documents":["a"," "],"return_documents":false,"truncation":true}""")]
    [InlineData(RerankApiKind.Vllm, "/v1/rerank", """{"model":"r","query":"q","documents":["a"," "],"truncate_prompt_tokens":-1}""")]
    [InlineData(RerankApiKind.Tei, "/rerank", """{"query":"q","texts":["a"," "],"raw_scores":false,"return_text":false,"truncate":true}""")]
    public async Task Each_interface_gets_its_body_and_scores_find_their_documents(
        RerankApiKind kind, string path, string body)
    {
        using WireServer server = WireServer.Json(_ => (200, kind == RerankApiKind.Tei
            ? """[{"index":1,"score":0.9},{"index":0,"score":0.25}]"""
            : """{"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.25}],"usage":{"total_tokens":7},"meta":{"billed_units":{"search_units":1}}}"""));
        var api = new RerankApi(Options(server.Address, kind));
        RerankScores scores = await api.ScoreWithUsageAsync("q", ["a", ""]);
        Assert.Equal([0.25, 0.9], scores.Scores);
        Assert.Equal($"POST {path} HTTP/1.1", server.Requests.Single().Line);
        Assert.Equal(body, server.Requests.Single().Body);
        Assert.Equal(kind == RerankApiKind.Tei ? (0, 0) : (7, 1), (scores.Tokens, scores.SearchUnits));
    }

    [Fact]
    public async Task Many_documents_go_in_batches_and_a_batch_that_is_too_large_is_halved()
    {
        using WireServer server = WireServer.Json(request =>
        {
            string[] texts = [.. JsonElement.Parse(request.Body).GetProperty("texts").EnumerateArray()
                .Select(text => text.GetString()!)];
            return texts.Length > 8
                ? (413, """{"error":"batch size 20 > maximum allowed batch size 8","error_type":"Validation"}""")
                : (200, "[" + string.Join(',', texts.Select((text, i) => $$"""{"index":{{i}},"score":0.{{text}}}""").Reverse()) + "]");
        });
        var api = new RerankApi(Options(server.Address, RerankApiKind.Tei) with { BatchSize = 20, Concurrency = 2 });
        string[] documents = [.. Enumerable.Range(100, 50).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        double[] scores = await api.ScoreAsync("q", documents);
        Assert.Equal(Enumerable.Range(100, 50).Select(i => i / 1000.0), scores);
        int before = server.Requests.Count;
        await api.ScoreAsync("q", documents);
        Assert.Equal(10, server.Requests.Count - before);
    }

    [Fact]
    public async Task Long_texts_are_cut_between_characters_and_nothing_gives_nothing()
    {
        using WireServer server = WireServer.Json(_ => (200, """[{"index":0,"score":1}]"""));
        var api = new RerankApi(Options(server.Address, RerankApiKind.Tei) with { MaxCharacters = 4 });
        Assert.Empty(await api.ScoreAsync("q", []));
        Assert.Empty(server.Requests);
        await api.ScoreAsync("q", ["abc\ud83d\ude00d"]);
        Assert.Equal("abc", JsonElement.Parse(server.Requests.Single().Body).GetProperty("texts")[0].GetString());
    }

    [Theory]
    [InlineData("""[{"index":5,"score":1}]""")]
    [InlineData("""[{"index":0,"score":1},{"index":0,"score":1}]""")]
    [InlineData("""[{"index":-1,"score":1}]""")]
    [InlineData("""[{"index":0,"score":"high"}]""")]
    [InlineData("""[{"index":99999999999999999999,"score":1}]""")]
    [InlineData("""{"error":"no"}""")]
    [InlineData("<html>")]
    public async Task An_unusable_reply_is_malformed(string reply)
    {
        using WireServer server = WireServer.Json(_ => (200, reply));
        var api = new RerankApi(Options(server.Address, RerankApiKind.Tei));
        Assert.Equal(
            ModelCallFailure.Malformed,
            (await Assert.ThrowsAsync<ModelCallException>(() => api.ScoreAsync("q", ["a", "b"]))).Kind);
    }

    [Fact]
    public async Task A_document_without_a_score_has_none()
    {
        using WireServer server = WireServer.Json(_ => (200, """[{"index":1,"score":0.5}]"""));
        double[] scores = await new RerankApi(Options(server.Address, RerankApiKind.Tei)).ScoreAsync("q", ["a", "b"]);
        Assert.Equal([double.NaN, 0.5], scores);
    }

    [Fact]
    public async Task A_failing_batch_fails_the_call_with_its_reason()
    {
        using WireServer server = WireServer.Json(_ => (429, """{"error":"slow down"}"""), "Retry-After: 2\r\n");
        var api = new RerankApi(Options(server.Address, RerankApiKind.Jina) with { BatchSize = 1 });
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(() => api.ScoreAsync("q", ["a", "b", "c"]));
        Assert.Equal(ModelCallFailure.RateLimited, failure.Kind);
        Assert.Equal(TimeSpan.FromSeconds(2), failure.RetryAfter);
    }

    private static RerankApiOptions Options(Uri address, RerankApiKind kind) =>
        new() { Name = "r", Kind = kind, Endpoint = address, Model = "r" };
}
