using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Palate.Llm;

namespace Palate.Hosting;

/// <summary>Adds a running recommender to an application.</summary>
public static class PalateServices
{
    /// <summary>Adds the recommender of a home: its generations, and the pipelines of its <c>palate.yaml</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="home">The home's folder.</param>
    /// <returns>To add more to it.</returns>
    /// <exception cref="InvalidOperationException">The application has a recommender already.</exception>
    public static PalateBuilder AddPalate(this IServiceCollection services, string home) =>
        services.AddPalate(palate => palate.UseHome(home));

    /// <summary>Adds a recommender that is put together in code, with or without a home.</summary>
    /// <remarks>
    /// It runs as long as the host does, and is asked through <see cref="LiveRecommender"/>. What cannot run fails when the host
    /// starts, as a <see cref="ConfigurationException"/> that says what to do.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="build">Says what it recommends from, and by which pipelines.</param>
    /// <returns>To add more to it.</returns>
    /// <exception cref="InvalidOperationException">The application has a recommender already.</exception>
    public static PalateBuilder AddPalate(this IServiceCollection services, Action<PalateBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(build);
        if (services.Any(service => service.ServiceType == typeof(PalateBuilder)))
        {
            throw new InvalidOperationException("AddPalate was called twice; an application has one recommender. Add to the first one.");
        }

        var palate = new PalateBuilder(services);
        build(palate);
        services.AddSingleton(palate);
        services.AddSingleton(_ => palate.Options());
        services.AddSingleton(palate.Feed);
        services.AddSingleton(palate.Pipelines);
        services.AddSingleton<LiveGeneration>();
        services.AddSingleton<LiveLearning>();
        services.AddSingleton(provider => new LiveRecommender(provider.GetRequiredService<LiveGeneration>()));
        services.TryAddSingleton<ILedger, InMemoryLedger>();
        services.AddHostedService<PipelineRehearsal>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveGeneration>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveLearning>());
        return palate;
    }
}
