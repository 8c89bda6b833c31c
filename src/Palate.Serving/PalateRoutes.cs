using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Palate.Hosting;

namespace Palate.Serving;

/// <summary>Maps the routes of the service into any ASP.NET application.</summary>
public static class PalateRoutes
{
    /// <summary>
    /// Maps <c>/recommend</c>, <c>/generations</c> and <c>/health</c>, below the prefix of a route group if it is called on one.
    /// </summary>
    /// <remarks>
    /// The services need a recommender (<see cref="PalateServices"/>). A failure inside these routes is answered as problem details;
    /// the application's other routes are left alone.
    /// </remarks>
    /// <param name="routes">The application, or one of its route groups.</param>
    /// <returns>To add conventions to all of them, for example authorization.</returns>
    /// <exception cref="InvalidOperationException">There is no recommender among the services.</exception>
    /// <exception cref="ConfigurationException">The recommender cannot run as it is configured.</exception>
    public static IEndpointConventionBuilder MapPalate(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        IServiceProvider services = routes.ServiceProvider;
        if (services.GetService<PalateBuilder>() is null)
        {
            throw new InvalidOperationException("There is no recommender to map routes for; call AddPalate on the services first.");
        }

        var metrics = ActivatorUtilities.CreateInstance<ServiceMetrics>(services);
        TimeProvider time = services.GetRequiredService<PalateOptions>().Time;
        ILogger<ProblemMiddleware> logger = services.GetRequiredService<ILogger<ProblemMiddleware>>();
        RouteGroupBuilder group = Map(routes, metrics);
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
            {
                endpoint.RequestDelegate = new ProblemMiddleware(next, metrics, time, logger).InvokeAsync;
            }
        });
        return group;
    }

    /// <summary>The routes alone, for a service whose middleware answers failures of all its routes.</summary>
    internal static RouteGroupBuilder Map(IEndpointRouteBuilder routes, ServiceMetrics metrics)
    {
        RouteGroupBuilder group = routes.MapGroup("");
        new RecommendResource(routes.ServiceProvider.GetRequiredService<LiveGeneration>(), metrics).Map(group);
        GenerationsResource.Map(group);
        HealthResource.Map(group);
        return group;
    }
}
