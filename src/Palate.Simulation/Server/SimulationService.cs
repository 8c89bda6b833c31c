using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Palate.Simulation;

/// <summary>A provider of language models that needs no machine: the simulated model behind the usual interfaces.</summary>
/// <remarks>
/// <para><c>POST /v1/chat/completions</c> and <c>GET /v1/models</c> as OpenAI has them, <c>POST /v1/messages</c> as
/// Anthropic, <c>POST /v2/rerank</c> as Cohere, <c>POST /v1/rerank</c> as Jina and vLLM, and <c>POST /rerank</c> as TEI.</para>
/// <para>Faults come with a call's header <c>x-simulate</c>, or are ordered for the next calls by <c>POST /control</c>
/// with <c>{"fault":"429;retry-after=1","calls":5}</c>: a status from 400 to 599 (with <c>retry-after</c>), <c>hang</c>,
/// <c>drip</c> (a byte each <c>ms</c>), <c>garbage</c>, <c>refuse</c>, <c>cut</c> (the second half never comes),
/// <c>close</c> (no answer at all) and <c>empty</c>. <c>GET /books</c> tells what was billed.</para>
/// </remarks>
public static class SimulationService
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>Builds the provider; it listens when it is started.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public static WebApplication Build(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new SimulatedModel(options.Profile, options.Seed, options.Time));
        builder.Services.AddSingleton<SimulationBooks>();
        builder.Services.AddSingleton<SimulatedFaults>();
        builder.Services.AddSingleton<SimulatedCall>();
        builder.Services.AddSingleton<ChatCompletionsResource>();
        builder.Services.AddSingleton<MessagesResource>();
        builder.Services.AddSingleton<RerankResource>();
        builder.Services.AddSingleton<SimulationControl>();

        WebApplication app = builder.Build();
        foreach (string url in options.Urls)
        {
            app.Urls.Add(url);
        }

        app.Services.GetRequiredService<ChatCompletionsResource>().Map(app);
        app.Services.GetRequiredService<MessagesResource>().Map(app);
        app.Services.GetRequiredService<RerankResource>().Map(app);
        app.Services.GetRequiredService<SimulationControl>().Map(app);
        return app;
    }

    /// <summary>The books of a provider.</summary>
    public static SimulationBooks BooksOf(WebApplication provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.Services.GetRequiredService<SimulationBooks>();
    }
}
