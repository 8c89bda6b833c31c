using Microsoft.Extensions.AI;
using Palate.Simulation;

namespace Palate.Llm.Tests;

public sealed class ProviderRegistryTests
{
    [Fact]
    public void A_provider_of_another_assembly_stands_beside_the_built_in_ones()
    {
        var registry = new ProviderRegistry(SimulatedModels.Provider);

        (ModelProvider provider, string? profile) = registry.FindUndeclared("simulated:noisy")!.Value;
        using IChatClient model = provider.Chat!(new ProviderOptions { Name = "s", Model = profile! }, TimeProvider.System);

        Assert.IsType<SimulatedModel>(model);
        Assert.Contains("openai", registry.Names);
        Assert.Equal(["simulated"], registry.Undeclared);
        Assert.Null(registry.FindUndeclared("openai:weak"));
        Assert.Null(new ProviderRegistry().FindUndeclared("simulated"));
    }

    [Fact]
    public void A_name_that_is_taken_or_missing_and_a_provider_without_a_client_are_refused()
    {
        Assert.Contains("'openai'", Refused(SimulatedModels.Provider with { Name = "openai" }), StringComparison.Ordinal);
        Assert.Contains("' '", Refused(SimulatedModels.Provider with { Name = " " }), StringComparison.Ordinal);
        Assert.Contains("makes no client", Refused(new ModelProvider("mine")), StringComparison.Ordinal);

        static string Refused(ModelProvider provider) =>
            Assert.Throws<ArgumentException>(() => new ProviderRegistry(provider)).Message;
    }
}
