using Palate.Llm;
using Palate.Storage.Tests;

namespace Palate.Hosting.Tests;

public sealed class GraphSettingsTests : IDisposable
{
    private const string Model = "models: { sim: { provider: simulated } }\n";

    private readonly TemporaryHome _home = new();

    [Fact]
    public void What_is_left_out_is_as_without_settings()
    {
        var options = new GraphOptions();
        GraphOptions own = Read("pipelines: { llm: { model: sim, strategy: graph } }").Options(GoalCatalog.Default);

        Assert.Equal(options, own);
        own.Validate();
    }

    [Fact]
    public void A_graph_is_declared_without_code()
    {
        GraphSettings settings = Read("""
            pipelines:
              llm:
                model: sim
                strategy: graph
                graph:
                  execution: rules
                  steps: 7
                  pool_size: 4
                  exchanges: 12
                  path: [Accuracy, Brands, Stop]
                  nodes:
                    - { name: Accuracy, aspect: accuracy }
                    - { name: Brands, aspect: diversity, attribute: brand, algorithm: mmr, instruction: Many brands. }
                    - { name: Old, aspect: fairness, attribute: year, group_from: 1990 }
            """);
        GraphOptions options = settings.Options(GoalCatalog.Default);

        options.Validate();
        Assert.Equal(GraphExecution.Rules, options.Execution);
        Assert.Equal((7, 4, 12), (options.Steps, options.PoolSize, options.Exchanges));
        Assert.Equal(["Accuracy", "Brands", "Stop"], options.Path);
        Assert.Equal(["Accuracy", "Brands", "Old"], options.Nodes.Select(node => node.Name));
        Assert.Equal(("brand", "mmr", "Many brands."), (options.Nodes[1].Attribute, options.Nodes[1].Algorithm, options.Nodes[1].Instruction));
        Assert.Equal(1990, options.Nodes[2].GroupFrom);
    }

    [Theory]
    [InlineData("steps: 0", "steps")]
    [InlineData("exchanges: 5000", "exchanges")]
    [InlineData("nodes: [{ name: Brands, aspect: diversity, attribute: brand }]", "accuracy")]
    [InlineData("speed: 3", "speed")]
    public void A_mistake_is_named(string graph, string expected)
    {
        Exception wrong = Assert.ThrowsAny<Exception>(() => Read(
            $"pipelines: {{ llm: {{ model: sim, strategy: graph, graph: {{ {graph} }} }} }}").Options(GoalCatalog.Default).Validate());

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _home.Dispose();

    private GraphSettings Read(string yaml)
    {
        File.WriteAllText(_home.Home.ConfigurationFile, Model + yaml);
        return HomeConfiguration.Read(_home.Home).Pipelines["llm"].Graph;
    }
}
