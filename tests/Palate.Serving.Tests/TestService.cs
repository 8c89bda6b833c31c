using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Palate.Hosting;

namespace Palate.Serving.Tests;

/// <summary>The real service on a free port of this machine, and a client of it.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestService(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public LiveGeneration Live => _app.Services.GetRequiredService<LiveGeneration>();

    public static async Task<TestService> StartAsync(
        FakeStore store, TimeProvider? time = null, Func<IReadOnlyList<LearnedChange>>? learned = null)
    {
        WebApplication app = PalateService.Build(
            new ServiceOptions { Urls = ["http://127.0.0.1:0"], Log = false },
            palate =>
            {
                palate.Use(_ => store.Feed).Configure(options => options.Time = time ?? TimeProvider.System);
                palate.Services.AddSingleton(new LearnedFeed(learned ?? (() => [])));
            });
        await app.StartAsync();
        var service = new TestService(app);
        await service.Live.FirstLoad;
        return service;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, string? Type)> GetAsync(string path) =>
        await ReadAsync(await Client.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<(HttpStatusCode Status, JsonElement Body, string? Type)> PostAsync(
        string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await ReadAsync(await Client.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body, string? Type)> ReadAsync(
        HttpResponseMessage response)
    {
        using (response)
        {
            string text = await response.Content.ReadAsStringAsync();
            return (
                response.StatusCode,
                JsonDocument.Parse(text).RootElement.Clone(),
                response.Content.Headers.ContentType?.MediaType);
        }
    }
}
