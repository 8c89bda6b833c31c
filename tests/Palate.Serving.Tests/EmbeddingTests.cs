using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Palate.Hosting;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Serving.Tests;

/// <summary>Palate inside an application of somebody else; what docs/embedding.md shows is taken from here.</summary>
public sealed class EmbeddingTests : IDisposable
{
    internal static readonly TrainingOptions Quick = new()
    {
        Sources = new SourceOptions { Ease = null, EaseSide = null, Slim = null, ItemNeighbours = null, UserNeighbours = null, Semantic = null },
        Ranking = new RankingOptions { Ranker = RankerKind.None },
    };

    internal static readonly Item[] Items =
        [.. Enumerable.Range(0, 12).Select(item => new Item($"i{item}") { Title = $"Thing {item}", AddedAt = item })];

    internal static readonly Interaction[] Interactions =
    [
        .. from user in Enumerable.Range(0, 20)
           from step in Enumerable.Range(0, 4)
           select new Interaction($"u{user}", $"i{(user + (step * 2)) % Items.Length}", "view", 1, 1_700_000_000 + user + step),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palate-embedding-");

    [Fact]
    public async Task An_application_with_a_home_recommends()
    {
        string home = Publish("models: { own: { provider: vllm, model: m, endpoint: 'http://127.0.0.1:1' } }\npipelines: { llm: { model: own } }");
        WebApplicationBuilder builder = Builder();

        // docs: home
        builder.Services.AddPalate(home);
        WebApplication app = builder.Build();
        app.MapPalate();
        // end
        await using WebApplication running = await StartAsync(app);
        (HttpStatusCode status, JsonElement answer) = await PostAsync(running, "/recommend", new { user_id = "u1", top_k = 3 });
        (_, JsonElement asked) = await PostAsync(running, "/recommend", new { user_id = "u1", pipeline = "llm" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(3, answer.GetProperty("items").GetArrayLength());
        Assert.StartsWith("g0001-", answer.GetProperty("generation").GetString(), StringComparison.Ordinal);
        Assert.Equal("llm", asked.GetProperty("pipeline").GetString());
    }

    [Fact]
    public async Task An_application_without_a_home_trains_on_what_it_has_and_re_ranks_in_code()
    {
        (Item[] items, Interaction[] interactions, TrainingOptions options) = (Items, Interactions, Quick);
        WebApplicationBuilder builder = Builder();

        // docs: code
        builder.Services.AddPalate(palate => palate
            .Train(items, interactions, options)
            .AddPipeline("newest", _ => new NewestFirst()));
        WebApplication app = builder.Build();
        app.MapGroup("/shop").MapPalate();
        // end
        await using WebApplication running = await StartAsync(app);
        (HttpStatusCode status, JsonElement answer) = await PostAsync(
            running, "/shop/recommend", new { user_id = "nobody", top_k = 3, pipeline = "newest" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("full", answer.GetProperty("mode").GetString());
        Assert.Equal(
            ["i11", "i10", "i9"], answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()));
    }

    [Fact]
    public async Task A_chat_client_of_the_application_re_ranks_and_every_token_is_on_its_ledger()
    {
        (Item[] items, Interaction[] interactions, TrainingOptions options) = (Items, Interactions, Quick);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IChatClient>(new Parrot());

        // docs: chat
        builder.Services.AddPalate(palate => palate
            .Train(items, interactions, options)
            .AddPipeline("default", services => services.GetRequiredService<IChatClient>()));
        using IHost host = builder.Build();
        await host.StartAsync();
        LiveRecommender recommender = host.Services.GetRequiredService<LiveRecommender>();
        Recommendation answer = await recommender.RecommendAsync(new RecommendRequest { UserId = "u1", Count = 3 });
        // end
        await host.StopAsync();

        Assert.Equal(3, answer.Items.Count);
        Assert.True(answer.Usage?.Calls > 0, answer.Reason);
        LedgerTotal total = Assert.Single(host.Services.GetRequiredService<ILedger>().Report(new LedgerQuery { By = LedgerGrouping.Pipeline }));
        Assert.Equal("default", total.Pipeline);
        Assert.True(total.Usage.InputTokens > 0);
    }

    [Fact]
    public async Task A_provider_of_the_application_serves_models_that_palate_yaml_declares()
    {
        string home = Publish("models: { polly: { provider: parrots, model: grey } }\npipelines: { llm: { model: polly } }");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();

        // docs: provider
        builder.Services.AddPalate(home)
            .AddProvider(new ModelProvider("parrots") { Chat = (options, time) => new Parrot(options.Model) });
        // end
        using IHost host = builder.Build();
        await host.StartAsync();
        Recommendation answer = await host.Services.GetRequiredService<LiveRecommender>().RecommendAsync(
            new RecommendRequest { UserId = "u1", Pipeline = "llm" });
        LedgerTotal total = Assert.Single(host.Services.GetRequiredService<ILedger>().Report(new LedgerQuery { By = LedgerGrouping.Model }));
        await host.StopAsync();

        Assert.Equal("llm", answer.Pipeline);
        Assert.Equal("grey", total.Model);
    }

    [Fact]
    public async Task A_provider_whose_name_is_taken_fails_at_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddPalate(Publish("")).AddProvider(new ModelProvider("openai") { Chat = (_, _) => new Parrot() });
        using IHost host = builder.Build();

        ConfigurationException wrong = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync());

        Assert.Equal("bad_provider", wrong.Code);
        Assert.Contains("'openai'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_in_code_spends_within_the_limits_of_the_home_which_warns_when_they_come_near()
    {
        string home = Publish("prices: { parrot: { input: 1, output: 1 } }\nspend: [ { dollars: 10, soft_dollars: 0.000001, per: hour } ]");
        var warnings = new Warnings();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(warnings));
        builder.Services.AddPalate(palate => palate.UseHome(home).AddPipeline("parrot", _ => new Parrot()));
        using IHost host = builder.Build();
        await host.StartAsync();
        LiveRecommender recommender = host.Services.GetRequiredService<LiveRecommender>();
        for (int request = 0; request < 3; request++)
        {
            await recommender.RecommendAsync(new RecommendRequest { UserId = "u1", Pipeline = "parrot", Count = 3 });
        }

        Assert.True(host.Services.GetRequiredService<ILedger>().Report(new LedgerQuery()).Single().Cost.Dollars > 0);
        Assert.Contains("this Hour (all pipelines, all tenants); nothing more is asked from 10 dollars on", Assert.Single(warnings.Told), StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_failure_inside_is_a_problem_and_other_routes_are_left_alone()
    {
        WebApplicationBuilder builder = Builder();
        builder.Services.AddPalate(palate => palate.UseGeneration(Trained()));
        WebApplication app = builder.Build();
        app.MapPalate();
        app.MapGet("/own", string () => throw new InvalidRequestException("own", "not Palate's"));
        await using WebApplication running = await StartAsync(app);

        (HttpStatusCode status, JsonElement problem) = await PostAsync(running, "/recommend", new { user_id = "u1", colour = "red" });
        using var client = new HttpClient { BaseAddress = new Uri(running.Urls.Single()) };
        using HttpResponseMessage own = await client.GetAsync(new Uri("/own", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("colour", problem.GetProperty("parameter").GetString());
        Assert.Equal(HttpStatusCode.InternalServerError, own.StatusCode);
        Assert.NotEqual("application/problem+json", own.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("pipelines: { llm: { model: large } }", "pipelines.llm.model", "large", "Declare it under models")]
    [InlineData("pipelines: { llm: { model: own, colour: red } }\nmodels: { own: { provider: vllm } }", "pipelines.llm.colour", "colour", "Mend the file")]
    [InlineData("pipelines: { llm: { model: own, strategy: guess } }\nmodels: { own: { provider: vllm, model: m, endpoint: 'http://127.0.0.1:1' } }", "pipelines.llm", "guess", "Change the value in palate.yaml.")]
    [InlineData("pipelines: { llm: { model: own } }\nmodels: { own: { provider: skynet } }", "models.own", "skynet", "Change the value in palate.yaml.")]
    public void A_wrong_palate_yaml_fails_at_start_with_setting_value_and_remedy(string yaml, string setting, string value, string remedy)
    {
        WebApplicationBuilder builder = Builder();
        builder.Services.AddPalate(Publish(yaml));
        using var app = (IDisposable)builder.Build();

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => ((WebApplication)app).MapPalate());

        Assert.Equal("bad_settings", wrong.Code);
        Assert.Equal(setting, wrong.Setting);
        Assert.Contains(value, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_a_web_fails_at_start_as_well()
    {
        string missing = Path.Combine(_folder.FullName, "nowhere");
        (string, Action<PalateBuilder>)[] wrong =
        [
            ("home_not_found", palate => palate.UseHome(missing)),
            ("no_generation", _ => { }),
            ("no_generation", palate => palate.Train([], [])),
            ("bad_settings", palate => palate.UseGeneration(Trained())
                .AddPipeline("twice", _ => new NewestFirst()).AddPipeline("twice", _ => new NewestFirst())),
        ];
        foreach ((string code, Action<PalateBuilder> build) in wrong)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddLogging();
            builder.Services.AddPalate(build);
            using IHost host = builder.Build();

            ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync());

            Assert.Equal(code, refused.Code);
            Assert.EndsWith(refused.Remedy, refused.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public void There_is_one_recommender_with_one_source()
    {
        var services = new ServiceCollection();
        services.AddPalate(palate => palate.UseHome("home"));

        Assert.Throws<InvalidOperationException>(() => services.AddPalate("other"));
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddPalate(
            palate => palate.UseHome("home").UseGeneration(Trained())));
    }

    [Theory]
    [InlineData("docs/embedding.md", "home", "provider", "code", "reranker", "chat")]
    [InlineData("README.md", "home")]
    public void What_the_docs_show_is_this_code(string page, params string[] examples)
    {
        string[] code = File.ReadAllLines(Path.Combine(ApiDocumentTests.RepositoryRoot(), "tests", "Palate.Serving.Tests", "EmbeddingTests.cs"));
        string shown = File.ReadAllText(Path.Combine(ApiDocumentTests.RepositoryRoot(), page)).ReplaceLineEndings("\n");
        foreach (string example in examples)
        {
            string[] lines =
            [
                .. code.SkipWhile(line => line.Trim() != $"// docs: {example}").Skip(1).TakeWhile(line => line.Trim() != "// end"),
            ];
            int indent = lines[0].Length - lines[0].TrimStart().Length;
            string block = string.Concat(lines.Select(line => $"{(line.Length > indent ? line[indent..] : "")}\n"));

            Assert.True(shown.Contains($"```csharp\n{block}```", StringComparison.Ordinal), $"{page} does not show:\n{block}");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Generation Trained() => Trainer.Train(
        Dataset.Load(new MemoryReader(Items, Interactions)).ToTrainingData(), Quick, TimeProvider.System);

    private static WebApplicationBuilder Builder()
    {
        // The strictest one: in development services are checked as the application is built.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task<WebApplication> StartAsync(WebApplication app)
    {
        await app.StartAsync();
        await PalateService.WhenLoadedAsync(app);
        return app;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync<T>(WebApplication app, string path, T body)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using HttpResponseMessage response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private string Publish(string yaml)
    {
        Home home = Home.Open(Path.Combine(_folder.FullName, "home"));
        File.WriteAllText(home.ConfigurationFile, yaml);
        new GenerationStore(home.GenerationsFolder).Publish(Trained());
        return home.Path;
    }

    // docs: reranker
    /// <summary>Puts what is new before what is old.</summary>
    private sealed class NewestFirst : IReranker
    {
        public ValueTask<RerankResult> RerankAsync(RerankContext context, CancellationToken stop)
        {
            IReadOnlyList<Item> items = context.Generation.Catalog.Items;
            float[] scores = [.. context.Ranking.Candidates.Items.ToArray().Select(item => (float)(items[item].AddedAt ?? 0))];
            return ValueTask.FromResult(new RerankResult(scores, Mode.Full(ReasonCode.Complete, "The newest come first.")));
        }
    }
    // end

    /// <summary>Says something that is no judgment.</summary>
    private sealed class Parrot(string name = "parrot") : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello.")) { ModelId = name });

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Hello.");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("parrot", null, name) : null;

        public void Dispose()
        {
        }
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Told { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
