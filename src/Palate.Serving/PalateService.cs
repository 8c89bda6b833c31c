using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Palate.Hosting;

namespace Palate.Serving;

/// <summary>The service: its parts, its limits and its routes, in the order in which a request meets them.</summary>
public static class PalateService
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Builds the service; it listens when it is started.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public static WebApplication Build(ServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        // The empty builder reads no settings file of the folder that the service happens to be started in.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(SetLimits);

        // A request is computed and answered on the thread that read it: nothing here blocks, and it spares a hand-over.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        AddLogging(builder, options.Log);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton(new PalateOptions { Time = options.Time, PollInterval = options.PollInterval });
        builder.Services.AddSingleton(options.Generations);
        builder.Services.AddSingleton(new LearnedFeed(options.Learned));
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton<RecommendResource>();
        builder.Services.AddSingleton<LiveGeneration>();
        builder.Services.AddSingleton<LiveLearning>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveGeneration>());
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveLearning>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        ApiDocument.Add(builder.Services);

        WebApplication app = builder.Build();
        foreach (string url in options.Urls)
        {
            app.Urls.Add(url);
        }

        app.UseMiddleware<ProblemMiddleware>();
        app.Services.GetRequiredService<RecommendResource>().Map(app);
        GenerationsResource.Map(app);
        HealthResource.Map(app);
        ApiDocument.Map(app);
        return app;
    }

    /// <summary>Waits until the load with which a started service began has ended, well or not.</summary>
    /// <returns>What is wrong with the generation that should be served, in a sentence; null when nothing is.</returns>
    public static async Task<string?> WhenLoadedAsync(WebApplication service)
    {
        ArgumentNullException.ThrowIfNull(service);
        LiveGeneration live = service.Services.GetRequiredService<LiveGeneration>();
        await live.FirstLoad;
        return live.Trouble;
    }

    private static void SetLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }

    private static void AddLogging(WebApplicationBuilder builder, bool isOn)
    {
        builder.Logging.SetMinimumLevel(isOn ? LogLevel.Information : LogLevel.None);
        if (isOn)
        {
            // Standard output belongs to the answer of the command that runs the service.
            builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
            // It says nothing above information, and an activity a request is made for it all the same.
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            // Whoever starts the service gets the exception and says it in better words.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            builder.Logging.AddSimpleConsole(line => (line.SingleLine, line.ColorBehavior) =
                (true, LoggerColorBehavior.Disabled));
            builder.Services.Configure<ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }
}
