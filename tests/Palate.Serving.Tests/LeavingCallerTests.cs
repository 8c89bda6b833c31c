using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Palate.Llm;

namespace Palate.Serving.Tests;

/// <summary>Over real HTTP on both sides: who asks the service, and the service that asks a model which hangs.</summary>
public sealed class LeavingCallerTests
{
    private const int Concurrency = 4;

    [Fact]
    public async Task A_caller_that_leaves_takes_all_calls_with_it_and_no_new_one_starts()
    {
        await using var model = await HangingModel.StartAsync();
        await using WebApplication service = await ServiceAsync(model.Address, TimeSpan.FromMinutes(5));
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
        using var leaving = new CancellationTokenSource();

        Task<HttpResponseMessage> asked = client.PostAsJsonAsync(
            new Uri("/recommend", UriKind.Relative), new { user_id = "u1", top_k = 3 }, leaving.Token);
        await model.Started(Concurrency);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await model.Ended(Concurrency);

        // The service goes on answering, and what it answers then shows that the request that was left sent nothing more.
        using HttpResponseMessage other = await client.GetAsync(new Uri("/recommend?user_id=u1&pipeline=retrieval", UriKind.Relative));
        Assert.True(other.IsSuccessStatusCode);
        Assert.Equal(Concurrency, model.Calls);
    }

    [Fact]
    public async Task A_model_that_hangs_costs_its_judgment_and_its_calls_end_with_the_answer()
    {
        await using var model = await HangingModel.StartAsync();
        await using WebApplication service = await ServiceAsync(model.Address, TimeSpan.FromSeconds(3));
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };

        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            new Uri("/recommend", UriKind.Relative),
            new { user_id = "u1", top_k = 3, budget = new { dollars = 1000, deadline_ms = 60_000 } });
        using var body = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("base", body.RootElement.GetProperty("mode").GetString());
        Assert.Equal("deadline", body.RootElement.GetProperty("reason_code").GetString());
        Assert.Equal(3, body.RootElement.GetProperty("items").GetArrayLength());
        Assert.DoesNotContain("127.0.0.1", body.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await model.Ended(Concurrency);
        Assert.Equal(Concurrency, model.Calls);
    }

    private static async Task<WebApplication> ServiceAsync(Uri model, TimeSpan deadline)
    {
        WebApplication service = PalateService.Build(
            new ServiceOptions { Urls = ["http://127.0.0.1:0"], Log = false },
            palate => palate.Train(EmbeddingTests.Items, EmbeddingTests.Interactions, EmbeddingTests.Quick).AddPipeline(
                "default",
                _ => ProviderFactory.Create(
                    new ProviderOptions { Name = "hanging", Kind = ProviderKind.Vllm, Endpoint = model, Model = "m" },
                    TimeProvider.System),
                new LlmRerankerOptions
                {
                    Strategy = "pointwise",
                    Candidates = 10,
                    Run = new RunnerOptions { Concurrency = Concurrency, CallTimeout = TimeSpan.FromMinutes(5) },
                },
                new Budget { Deadline = deadline, Tokens = 100_000 }));
        await service.StartAsync();
        await PalateService.WhenLoadedAsync(service);
        return service;
    }

    /// <summary>A server that takes every call and answers none.</summary>
    private sealed class HangingModel : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly SemaphoreSlim _started = new(0);
        private readonly SemaphoreSlim _ended = new(0);
        private int _calls;

        private HangingModel()
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(HangAsync);
        }

        public Uri Address => new(_app.Urls.Single());

        public int Calls => Volatile.Read(ref _calls);

        public static async Task<HangingModel> StartAsync()
        {
            var model = new HangingModel();
            await model._app.StartAsync();
            return model;
        }

        public Task Started(int calls) => Wait(_started, calls);

        public Task Ended(int calls) => Wait(_ended, calls);

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _started.Dispose();
            _ended.Dispose();
        }

        private static async Task Wait(SemaphoreSlim signal, int times)
        {
            for (int time = 0; time < times; time++)
            {
                Assert.True(await signal.WaitAsync(TimeSpan.FromMinutes(1)), $"Only {time} of {times} calls did.");
            }
        }

        private async Task HangAsync(HttpContext context)
        {
            Interlocked.Increment(ref _calls);
            _started.Release();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                _ended.Release();
            }
        }
    }
}
