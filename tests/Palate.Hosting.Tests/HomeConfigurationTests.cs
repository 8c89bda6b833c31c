using Palate.Storage.Tests;

namespace Palate.Hosting.Tests;

public sealed class HomeConfigurationTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    [Fact]
    public void Without_a_file_everything_has_its_default()
    {
        HomeSettings settings = HomeConfiguration.Read(_home.Home);

        Assert.Empty(settings.Models);
        Assert.Empty(settings.Pipelines);
        Assert.Equal(new TrainingOptions().Seed, settings.Training.Seed);
    }

    [Fact]
    public void Models_and_pipelines_are_read()
    {
        Write("""
            models:
              small:
                provider: openai
                model: gpt-small
                key: env:KEY
            pipelines:
              llm:
                model: small
                strategy: listwise
                candidates: 20
                layout: shared
                dollars: 0.002
                item_tokens: 40
                max_calls: 5
                strategy_options:
                  list_size: 30
                  windows: { window_size: 10, stride: 5 }
                  consistency: { aggregation: borda }
                evidence: { judge_noise: 0.9 }
            prices:
              gpt-small: { input: 0.15, cached_input: 0.075, output: 0.6 }
            spend:
              - { per: day, dollars: 5, soft_dollars: 4 }
            """);

        HomeSettings settings = HomeConfiguration.Read(_home.Home);

        Assert.Equal("gpt-small", settings.Models["small"].Model);
        Assert.Equal(Llm.PromptLayout.Shared, settings.Pipelines["llm"].Layout);
        Assert.Equal("listwise", settings.Pipelines["llm"].Strategy);
        Assert.Equal(2000, settings.Pipelines["llm"].Budget().MicroDollars);
        Assert.Equal((40, 5, 30), (
            settings.Pipelines["llm"].ItemTokens,
            settings.Pipelines["llm"].MaxCalls,
            settings.Pipelines["llm"].StrategyOptions.ListSize));
        Assert.Equal(new Llm.WindowOptions { WindowSize = 10, Stride = 5 }, settings.Pipelines["llm"].StrategyOptions.Windows);
        Assert.Equal(Llm.OrderAggregation.Borda, settings.Pipelines["llm"].StrategyOptions.Consistency.Aggregation);
        Assert.Equal(0.9, settings.Pipelines["llm"].Evidence.JudgeNoise);
        Assert.Equal(0.075m, settings.Prices["gpt-small"].CachedInput);
        Assert.Equal(5m, Assert.Single(settings.Spend).Dollars);
    }

    [Theory]
    [InlineData("models: { small: { model: x } }", "models.small has no provider")]
    [InlineData("models: { s: { provider: simulated } }\npipelines: { llm: { model: s, layout: wide } }", "pipelines.llm.layout is \"wide\"")]
    [InlineData("model: { }", "model is not a setting")]
    [InlineData("models: { s: { provider: simulated } }\npipelines: { llm: { model: s, strategy_options: { graph: { } } } }", "graph is not a setting")]
    [InlineData("models: { small: { provider: openai, colour: blue } }", "models.small.colour is not a setting")]
    [InlineData("models: 3", "models is 3; give a mapping of names.")]
    [InlineData("models: { 'a.b': { provider: vllm, concurrency: many } }", "is \"many\"; give a whole number.")]
    [InlineData("models: { s: { provider: simulated } }\npipelines: { llm: { model: s, layout: wide } }", "give auto, own, shared.")]
    [InlineData("models: { small: { provider: openai, colour: blue } }", "models.small can have provider, endpoint, model,")]
    [InlineData("models:", "models is empty; give a mapping of names.")]
    [InlineData("models: { s: { provider: simulated } }\npipelines: { llm: { model: s, graph: } }", "pipelines.llm.graph is empty")]
    [InlineData("prices: { gpt: }", "prices.gpt is empty")]
    [InlineData("spend: [ { dollars: 1 }, ]\npipelines: { llm: { model: simulated, cascade: [ ~ ] } }", "An entry of a list is empty")]
    [InlineData("spend: [ { dollars: 1, per: week } ]", "spend[0].per is \"week\"; give hour, day, month.")]
    [InlineData("spend: [ { dollars: 1e13 } ]", "spend[0].dollars is 10000000000000; give 0 to 1000000.")]
    [InlineData("pipelines: { llm: { model: simulated, dollars: -1 } }", "pipelines.llm.dollars is -1; give 0 to 1000000.")]
    [InlineData("pipelines: { llm: { model: simulated, rewriting: { synonyms: { a: } } } }", "pipelines.llm.rewriting.synonyms.a is empty")]
    [InlineData("spend: [ { dollars: lots } ]", "spend[0].dollars is \"lots\"; give a number.")]
    [InlineData("training: { ranking: { hold_outs: .nan } }", "is \".nan\"; give a whole number.")]
    [InlineData("- models", "It is a list")]
    [InlineData("models", "It is a single value")]
    [InlineData("42", "It is a single value")]
    [InlineData("models: {}\n---\nmodels: {}", "several documents")]
    [InlineData("models: {}\nprices: { a: [ }", "line 2: ")]
    [InlineData("models: [", "palate.yaml")]
    [InlineData("models: {}\nmodels: {}", "models")]
    [InlineData("? [models]\n: {}", "A name is no text")]
    [InlineData("models: &all { a: *all }", "palate.yaml")]
    public void A_mistake_is_an_error_that_names_it(string yaml, string expected)
    {
        Write(yaml);

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => HomeConfiguration.Read(_home.Home));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("palate.yaml", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void A_file_that_is_nested_without_end_is_an_error_and_ends_no_process(string open)
    {
        Write("models: " + (open == "- " ? "\n" : "") + string.Concat(Enumerable.Repeat(open, 10_000)));

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => HomeConfiguration.Read(_home.Home));

        Assert.Contains("more than 32 levels deep", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => HomeConfiguration.WriteTraining(_home.Home, new TrainingOptions()));
    }

    [Fact]
    public void A_small_file_that_aliases_make_large_is_an_error()
    {
        Write("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + string.Concat(Enumerable.Range(1, 9).Select(
            level => $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n")));

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => HomeConfiguration.Read(_home.Home));

        Assert.Contains("more than 100000 values", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# models: {}\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    public void A_file_that_says_nothing_means_the_defaults(string yaml)
    {
        Write(yaml);

        Assert.Empty(HomeConfiguration.Read(_home.Home).Models);
    }

    [Fact]
    public void The_setting_is_named_apart_from_the_sentence()
    {
        Write("models: { small: { provider: openai, colour: blue } }");

        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => HomeConfiguration.Read(_home.Home));

        Assert.Equal(("bad_settings", "models.small.colour"), (wrong.Code, wrong.Setting));
        Assert.EndsWith(wrong.Remedy, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_simulated_model_need_not_be_declared()
    {
        Write("pipelines: { llm: { model: simulated, cascade: ['simulated:noisy'] } }");

        Assert.Equal("simulated", HomeConfiguration.Read(_home.Home).Pipelines["llm"].Model);
    }

    [Fact]
    public void Writing_one_section_keeps_the_others()
    {
        HomeConfiguration.WritePipelines(
            _home.Home,
            new Dictionary<string, ModelSettings> { ["sim"] = new() { Provider = "simulated" } },
            new Dictionary<string, PipelineSettings> { ["llm"] = new() { Model = "sim", Alpha = 0.25 } });
        var training = new TrainingOptions { Seed = 17 };

        HomeConfiguration.WriteTraining(_home.Home, training with { Sources = training.Sources with { Ease = null } });
        HomeSettings settings = HomeConfiguration.Read(_home.Home);

        Assert.Equal(17UL, settings.Training.Seed);
        Assert.Null(settings.Training.Sources.Ease);
        Assert.Equal(0.25, settings.Pipelines["llm"].Alpha);
        Assert.Equal("simulated", settings.Models["sim"].Provider);
    }

    public void Dispose() => _home.Dispose();

    private void Write(string yaml) => File.WriteAllText(_home.Home.ConfigurationFile, yaml);
}
