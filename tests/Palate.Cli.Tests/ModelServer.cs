using Microsoft.AspNetCore.Builder;
using Palate.Simulation;

namespace Palate.Cli.Tests;

/// <summary>The simulated provider on a free port of this machine.</summary>
internal static class ModelServer
{
    public static async Task<WebApplication> StartAsync(
        string fault = "", string? key = null, bool takesSchema = true)
    {
        WebApplication server = SimulationService.Build(new SimulationOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Fault = fault,
            RequiredKey = key,
            TakesSchema = takesSchema,
        });
        await server.StartAsync();
        return server;
    }
}
