using Microsoft.Extensions.DependencyInjection;
using Palate.Llm;

namespace Palate.Simulation;

/// <summary>Adds the simulated models to what settings may name: <c>simulated</c> and <c>simulated:PROFILE</c>.</summary>
public static class SimulatedModels
{
    /// <summary>The simulated models, in this process.</summary>
    public static ModelProvider Provider { get; } = new(SimulatedModel.ModelName)
    {
        HasProfiles = true,
        Chat = (options, time) => new SimulatedModel(SimulationProfiles.Named(options.Model), time: time),
    };

    /// <summary>Adds the simulated models to an application's recommender.</summary>
    public static IServiceCollection AddSimulation(this IServiceCollection services) => services.AddSingleton(Provider);
}
