using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;

namespace Palate.Simulation.Tests;

public sealed class SimulationServiceTests : IAsyncDisposable
{
    private static readonly List<ChatMessage> Messages =
    [
        new(ChatRole.System, "Rank the candidates. Name them by alias."),
        new(ChatRole.User, """
            <candidates>
            [A] Kite coffee machine | category: kitchen
            [B] Norda wireless mouse | category: electronics
            [C] Aster yoga mat | category: sport
            </candidates>
            <query>bluetooth mouse</query>
            <question>Order [A] [B] [C].</question>
            """),
    ];

    private readonly List<WebApplication> _started = [];

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication app in _started)
        {
            await app.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(ProviderKind.OpenAICompatible, false)]
    [InlineData(ProviderKind.Vllm, true)]
    [InlineData(ProviderKind.Tgi, true)]
    [InlineData(ProviderKind.Anthropic, false)]
    [InlineData(ProviderKind.Anthropic, true)]
    public async Task A_client_gets_what_the_model_says_and_its_usage_is_what_the_books_say(ProviderKind kind, bool isStream)
    {
        WebApplication app = await StartAsync();
        using IChatClient client = Client(app, kind);
        var local = new SimulatedModel();
        SimulatedReply expected = local.Reply(Messages, Order());
        long input = 0;
        long cached = 0;
        long output = 0;
        for (int i = 0; i < 3; i++)
        {
            ChatOptions options = Order();
            options.MaxOutputTokens = 400;
            new CallContext { SharedPrefixBytes = 30 }.AddTo(options);
            ChatResponse response = isStream
                ? await client.GetStreamingResponseAsync(Messages, options).ToChatResponseAsync()
                : await client.GetResponseAsync(Messages, options);
            Assert.Equal(expected.Text, response.Text);
            Assert.Equal("simulated", response.ModelId);
            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
            input += response.Usage!.InputTokenCount!.Value;
            cached += response.Usage.CachedInputTokenCount!.Value;
            output += response.Usage.OutputTokenCount!.Value;
        }

        SimulationTotals totals = SimulationService.BooksOf(app).Finished;
        Assert.Equal((3, input, cached, output), (
            totals.Calls, totals.InputTokens, totals.CachedTokens, totals.OutputTokens));
        Assert.True(cached > 0);
        using HttpClient http = Http(app);
        JsonElement books = JsonElement.Parse(await http.GetStringAsync("/books"));
        Assert.Equal(input, books.GetProperty("finished").GetProperty("input_tokens").GetInt64());
        Assert.Equal(0, books.GetProperty("unfinished").GetProperty("calls").GetInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task First_tokens_come_over_the_wire(bool isStream)
    {
        using IChatClient client = Client(await StartAsync(), ProviderKind.Vllm);
        var options = new ChatOptions { MaxOutputTokens = 1 };
        new CallContext { TopLogProbabilities = 3 }.AddTo(options);
        List<ChatMessage> prompt = [.. Messages.Take(1), new(ChatRole.User, Messages[1].Text + "\nSay the best one only.")];
        IReadOnlyList<TokenProbability> tokens;
        if (isStream)
        {
            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(prompt, options))
            {
                updates.Add(update);
            }

            tokens = [.. updates.SelectMany(TokenProbability.Of)];
        }
        else
        {
            ChatResponse response = await client.GetResponseAsync(prompt, options);
            Assert.Equal(ChatFinishReason.Length, response.FinishReason);
            tokens = TokenProbability.Of(response);
        }

        Assert.Equal("B", tokens[0].Token);
        Assert.Equal(1, tokens.Sum(token => Math.Exp(token.LogProbability)), 3);
    }

    [Fact]
    public async Task A_server_without_schemas_is_asked_again_and_the_form_is_remembered()
    {
        WebApplication app = await StartAsync(new SimulationOptions
        {
            Urls = ["http://127.0.0.1:0"],
            TakesSchema = false,
            TakesJsonMode = false,
        });
        using var client = (OpenAICompatibleChatClient)Client(app, ProviderKind.OpenAICompatible);
        ChatResponse response = await client.GetResponseAsync(Messages, Order());
        Assert.Equal("B", JsonElement.Parse(response.Text).GetProperty("order")[0].GetString());
        Assert.Equal(ReplyForm.Text, client.FormOf());
        Assert.Equal((1, 2), (SimulationService.BooksOf(app).Finished.Calls, SimulationService.BooksOf(app).Failed));
    }

    [Theory]
    [InlineData(RerankApiKind.Cohere, 3)]
    [InlineData(RerankApiKind.Jina, 3)]
    [InlineData(RerankApiKind.Vllm, 3)]
    [InlineData(RerankApiKind.Tei, 70)]
    public async Task The_rerank_interfaces_score_what_fits_highest(RerankApiKind kind, int count)
    {
        WebApplication app = await StartAsync();
        var api = new RerankApi(new RerankApiOptions
        {
            Name = "r",
            Kind = kind,
            Endpoint = new Uri(app.Urls.Single()),
            Model = "m",
            BatchSize = 50,
        });
        string[] documents = [.. Enumerable.Range(0, count).Select(i => i == 1 ? "Norda cordless mouse" : $"Kite lamp {i}")];
        RerankScores scores = await api.ScoreWithUsageAsync("wireless mouse", documents);
        Assert.Equal(1, Array.IndexOf(scores.Scores, scores.Scores.Max()));
        Assert.All(scores.Scores, score => Assert.InRange(score, 0, 1));
        SimulationTotals totals = SimulationService.BooksOf(app).Finished;
        Assert.Equal(kind == RerankApiKind.Cohere ? 1 : 0, totals.SearchUnits);
        Assert.Equal(kind is RerankApiKind.Jina or RerankApiKind.Vllm ? totals.InputTokens : 0, scores.Tokens);
    }

    [Theory]
    [InlineData("429;retry-after=3", ModelCallFailure.RateLimited)]
    [InlineData("500", ModelCallFailure.Server)]
    [InlineData("garbage", ModelCallFailure.Malformed)]
    [InlineData("empty", ModelCallFailure.Malformed)]
    [InlineData("cut", ModelCallFailure.Server)]
    [InlineData("close", ModelCallFailure.Network)]
    public async Task Faults_ordered_for_one_call_are_typed_and_the_next_call_is_well(string fault, ModelCallFailure kind)
    {
        WebApplication app = await StartAsync();
        foreach (ProviderKind provider in (ProviderKind[])[ProviderKind.OpenAICompatible, ProviderKind.Anthropic])
        {
            using IChatClient client = Client(app, provider);
            await OrderAsync(app, fault, 1);
            ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(
                () => client.GetResponseAsync(Messages, Order()));
            Assert.Equal(kind, failure.Kind);
            Assert.Equal(kind == ModelCallFailure.RateLimited ? TimeSpan.FromSeconds(3) : null, failure.RetryAfter);
            Assert.NotEmpty((await client.GetResponseAsync(Messages, Order())).Text);
        }
    }

    [Fact]
    public async Task A_stream_that_is_cut_gives_its_first_pieces_and_is_on_the_books()
    {
        WebApplication app = await StartAsync();
        using IChatClient client = Client(app, ProviderKind.OpenAICompatible);
        await OrderAsync(app, "cut", 1);
        string text = "";
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Messages, Order()))
            {
                text += update.Text;
            }
        });
        Assert.Equal(ModelCallFailure.Server, failure.Kind);
        Assert.StartsWith("{\"order\"", text, StringComparison.Ordinal);
        SimulationTotals unfinished = SimulationService.BooksOf(app).Unfinished;
        Assert.Equal(1, unfinished.Calls);
        Assert.True(unfinished.InputTokens > 0 && unfinished.OutputTokens > 0);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("drip;ms=60000")]
    public async Task A_server_that_hangs_or_drips_is_left_by_the_token(string fault)
    {
        WebApplication app = await StartAsync(new SimulationOptions { Urls = ["http://127.0.0.1:0"], Fault = fault });
        using IChatClient client = Client(app, ProviderKind.OpenAICompatible);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetResponseAsync(Messages, Order(), stop.Token));
    }

    [Fact]
    public async Task A_refusal_is_a_reply_with_its_price()
    {
        WebApplication app = await StartAsync();
        using IChatClient client = Client(app, ProviderKind.OpenAICompatible);
        await OrderAsync(app, "refuse", 1);
        ChatResponse response = await client.GetResponseAsync(Messages, Order());
        Assert.StartsWith("I'm sorry", response.Text, StringComparison.Ordinal);
        Assert.Equal(SimulationService.BooksOf(app).Finished.OutputTokens, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Wrong_requests_get_an_error_in_the_usual_form()
    {
        WebApplication app = await StartAsync(new SimulationOptions { Urls = ["http://127.0.0.1:0"], RequiredKey = "k" });
        using HttpClient http = Http(app);
        (string Path, string Body, HttpStatusCode Status)[] cases =
        [
            ("/v1/chat/completions", "{}", HttpStatusCode.Unauthorized),
            ("/v1/chat/completions", "nonsense", HttpStatusCode.BadRequest),
            ("/control", """{"fault":"explode"}""", HttpStatusCode.BadRequest),
            ("/control", "[]", HttpStatusCode.BadRequest),
        ];
        foreach ((string path, string body, HttpStatusCode status) in cases)
        {
            await Expect(path, body, status);
        }

        http.DefaultRequestHeaders.Add("Authorization", "Bearer k");
        await Expect("/v1/chat/completions", "{}", HttpStatusCode.BadRequest);
        await Expect("/v1/chat/completions", """{"messages":[{"role":"user"}]}""", HttpStatusCode.BadRequest);
        await Expect("/v1/messages", """{"messages":[{"role":"user","content":"x"}]}""", HttpStatusCode.BadRequest);
        await Expect("/rerank", """{"query":"x","texts":[]}""", HttpStatusCode.BadRequest);
        Assert.Contains("simulated", await http.GetStringAsync("/v1/models"), StringComparison.Ordinal);

        async Task Expect(string path, string body, HttpStatusCode status)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await http.PostAsync(path, content);
            Assert.Equal(status, response.StatusCode);
            Assert.NotEmpty(JsonElement.Parse(await response.Content.ReadAsStringAsync())
                .GetProperty("error").GetProperty("message").GetString()!);
        }
    }

    [Fact]
    public void Wrong_options_are_refused_at_start()
    {
        Assert.Throws<ArgumentException>(() => SimulationService.Build(new SimulationOptions { Fault = "explode" }));
        Assert.Throws<ArgumentException>(() => SimulationService.Build(new SimulationOptions { Fault = "429;retry=1" }));
        Assert.Throws<ArgumentException>(() => SimulationService.Build(new SimulationOptions { Urls = ["localhost"] }));
        Assert.Throws<ArgumentException>(() => SimulationService.Build(new SimulationOptions
        {
            Profile = new SimulationProfile { RefusalRate = 2 },
        }));
    }

    private static ChatOptions Order() => new()
    {
        ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""
            {"type":"object","properties":{"order":{"type":"array","items":{"type":"string"}}}}
            """)),
    };

    private static IChatClient Client(WebApplication app, ProviderKind kind)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "key-simulation.txt");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, "k");
        }

        return ProviderFactory.Create(
            new ProviderOptions
            {
                Name = "simulated",
                Kind = kind,
                Endpoint = new Uri(app.Urls.Single()),
                Model = "simulated",
                Key = "file:" + file,
            },
            TimeProvider.System);
    }

    private static HttpClient Http(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    private static async Task OrderAsync(WebApplication app, string fault, int calls)
    {
        using HttpClient http = Http(app);
        using var body = new StringContent($$"""{"fault":"{{fault}}","calls":{{calls}}}""");
        using HttpResponseMessage response = await http.PostAsync("/control", body);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<WebApplication> StartAsync(SimulationOptions? options = null)
    {
        WebApplication app = SimulationService.Build(options ?? new SimulationOptions { Urls = ["http://127.0.0.1:0"] });
        await app.StartAsync();
        _started.Add(app);
        return app;
    }
}
