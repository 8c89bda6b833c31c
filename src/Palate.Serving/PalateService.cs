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
    /// <summary>Builds the service; it listens when it is started.</summary>
    /// <param name="options">Where it listens.</param>
    /// <param name="build">Says what it recommends from, and by which pipelines.</param>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="ConfigurationException">The recommender cannot run as it is configured.</exception>
    public static WebApplication Build(ServiceOptions options, Action<PalateBuilder> build)
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
        builder.Services.AddPalate(build);
        builder.Services.AddSingleton(services => services.GetRequiredService<PalateOptions>().Time);
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        ApiDocument.Add(builder.Services);

        WebApplication app = builder.Build();
        foreach (string url in options.Urls)
        {
            app.Urls.Add(url);
        }

        try
        {
            app.UseMiddleware<ProblemMiddleware>();
            PalateRoutes.Map(app, app.Services.GetRequiredService<ServiceMetrics>());
            ApiDocument.Map(app);
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
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
        kestrel.Limits.MaxRequestBodySize = RecommendLimits.MaxBodyBytes;
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
