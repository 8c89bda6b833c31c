using Palate.Llm;
using Palate.Simulation;

namespace Palate.Cli;

/// <summary>Who may serve the models of a home: the built-in providers and the simulated models.</summary>
internal static class ToolProviders
{
    /// <summary>All of them.</summary>
    public static ProviderRegistry All { get; } = new(SimulatedModels.Provider);
}
