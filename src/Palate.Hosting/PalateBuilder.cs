using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>Says what an application's recommender recommends from, and by which pipelines.</summary>
public sealed class PalateBuilder
{
    private readonly PalateOptions _options = new();
    private readonly List<Func<IServiceProvider, PipelineDefinition>> _pipelines = [];
    private Func<IServiceProvider, GenerationFeed>? _feed;
    private bool _isAsking;

    internal PalateBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services, for what adds itself.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Recommends from the generations of a home, by the pipelines of its <c>palate.yaml</c> and those that are added here.</summary>
    /// <remarks>A generation that is published while the host runs is taken up, and so is what is learned of models.</remarks>
    /// <param name="path">The home's folder, which has to be there when the host starts.</param>
    /// <exception cref="InvalidOperationException">It was said already what to recommend from.</exception>
    public PalateBuilder UseHome(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Services.AddSingleton<SpendWarnings>();
        Services.AddSingleton(provider => HomePipelines.Open(
            Find(path),
            provider.GetRequiredService<PalateOptions>().Time,
            Providers(provider),
            isLive: true,
            provider.GetRequiredService<SpendWarnings>().Warn));
        Services.AddSingleton(provider => provider.GetRequiredService<HomePipelines>().Models.Ledger);
        Services.AddSingleton(provider => new LearnedFeed(provider.GetRequiredService<HomePipelines>().Poll));
        return Use(provider => GenerationFeed.Of(
            new GenerationStore(Find(path).GenerationsFolder),
            provider.GetRequiredService<PalateOptions>().Time,
            provider.GetRequiredService<PipelineSet>().Definitions));
    }

    /// <summary>Recommends from a generation that is loaded or trained already.</summary>
    /// <exception cref="InvalidOperationException">It was said already what to recommend from.</exception>
    public PalateBuilder UseGeneration(Generation generation)
    {
        ArgumentNullException.ThrowIfNull(generation);
        return Use(provider => GenerationFeed.Of(
            () => generation,
            provider.GetRequiredService<PalateOptions>().Time,
            provider.GetRequiredService<PipelineSet>().Definitions));
    }

    /// <summary>Recommends from a generation that is trained in memory when the host starts.</summary>
    /// <param name="items">The items.</param>
    /// <param name="interactions">Who did what with them.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">It was said already what to recommend from.</exception>
    public PalateBuilder Train(IEnumerable<Item> items, IEnumerable<Interaction> interactions, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(interactions);
        return Use(provider =>
        {
            TimeProvider time = provider.GetRequiredService<PalateOptions>().Time;
            var trained = new Lazy<Generation>(() => Trainer.Train(
                Dataset.Load(new MemoryReader(items, interactions)).ToTrainingData(), options ?? new TrainingOptions(), time));
            return GenerationFeed.Of(() => trained.Value, time, provider.GetRequiredService<PipelineSet>().Definitions);
        });
    }

    /// <summary>Adds a pipeline.</summary>
    public PalateBuilder AddPipeline(PipelineDefinition pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipelines.Add(_ => pipeline);
        return this;
    }

    /// <summary>Adds a pipeline that re-ranks what the generation ranked.</summary>
    /// <param name="name">The name that requests use; <c>default</c> for those that name none.</param>
    /// <param name="reranker">Makes the re-ranker, once, when the host starts.</param>
    /// <param name="budget">What a request may cost; null for the default.</param>
    public PalateBuilder AddPipeline(string name, Func<IServiceProvider, IReranker> reranker, Budget? budget = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(reranker);
        _pipelines.Add(provider => new PipelineDefinition(name)
        {
            Reranker = reranker(provider),
            Budget = budget ?? new Budget(),
        });
        return this;
    }

    /// <summary>Adds a pipeline that re-ranks with a language model.</summary>
    /// <remarks>
    /// Calls are limited, tried again inside the deadline and written on the application's <see cref="ILedger"/>, which is the home's
    /// where there is one; then they count against the home's limits on spending, too.
    /// </remarks>
    /// <param name="name">The name that requests use; <c>default</c> for those that name none.</param>
    /// <param name="model">Makes the client, once, when the host starts.</param>
    /// <param name="options">How the model is asked; null for the defaults.</param>
    /// <param name="budget">What a request may cost; null for the default.</param>
    /// <param name="prices">What models cost; null for the home's prices. A model without one is counted in tokens alone.</param>
    public PalateBuilder AddPipeline(
        string name,
        Func<IServiceProvider, IChatClient> model,
        LlmRerankerOptions? options = null,
        Budget? budget = null,
        PriceMap? prices = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(model);
        _isAsking = true;
        return AddPipeline(
            name,
            provider =>
            {
                TimeProvider time = provider.GetRequiredService<PalateOptions>().Time;
                var latency = new LatencyModel();
                void Observe(CallContext context, LedgerEntry entry) => latency.Observe(entry);
                var chain = new CallChainOptions
                {
                    Spend = provider.GetService<HomePipelines>()?.Models.Spend(isPaid: false, Observe, prices) ?? new SpendOptions
                    {
                        Prices = prices ?? PriceMap.Empty,
                        Ledger = provider.GetRequiredService<ILedger>(),
                        Unknown = UnknownPrice.CountAsUnpriced,
                        Observer = Observe,
                    },
                };
                var connection = new ModelConnection(name, chain.Build(model(provider), time)) { Latency = latency, IsMeasured = true };
                return new LlmReranker(options ?? new LlmRerankerOptions(), connection, PromptLibrary.Load(), time);
            },
            budget);
    }

    /// <summary>Adds a provider that the home's <c>palate.yaml</c> may name, beside those that Palate knows.</summary>
    public PalateBuilder AddProvider(ModelProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Services.AddSingleton(provider);
        return this;
    }

    /// <summary>Changes how the recommender follows what changes under it.</summary>
    public PalateBuilder Configure(Action<PalateOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    /// <summary>Recommends from whatever a feed gives.</summary>
    internal PalateBuilder Use(Func<IServiceProvider, GenerationFeed> feed)
    {
        _feed = _feed is null
            ? feed
            : throw new InvalidOperationException("A recommender has one source of generations: a home, a generation, or data to train on.");
        return this;
    }

    internal PalateOptions Options()
    {
        _options.Validate();
        return _options;
    }

    internal GenerationFeed Feed(IServiceProvider provider) => _feed is null
        ? throw new ConfigurationException(
            "no_generation",
            "AddPalate was not told what to recommend from.",
            "Call UseHome, UseGeneration or Train on its builder.")
        : _feed(provider);

    /// <summary>The home's pipelines and those that were added in code.</summary>
    internal PipelineSet Pipelines(IServiceProvider provider)
    {
        HomePipelines? home = provider.GetService<HomePipelines>();
        var all = new PipelineSet(
            [.. home?.Definitions ?? [], .. _pipelines.Select(make => make(provider))], _isAsking || home?.Rerankers.Count > 0);
        return all.Definitions.CountBy(pipeline => pipeline.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice }
            ? throw new ConfigurationException(
                "bad_settings", $"There are two pipelines '{twice}'.", "Give one of them another name, in palate.yaml or in code.")
            {
                Setting = $"pipelines.{twice}",
            }
            : all;
    }

    private static ProviderRegistry Providers(IServiceProvider services)
    {
        try
        {
            return new ProviderRegistry(services.GetServices<ModelProvider>());
        }
        catch (ArgumentException wrong)
        {
            throw new ConfigurationException(
                "bad_provider", ConfigurationException.Words(wrong), "Change the provider that was added in code.", wrong);
        }
    }

    private static Home Find(string path) => Directory.Exists(path)
        ? Home.Open(path)
        : throw new ConfigurationException(
            "home_not_found",
            $"There is no home at {Path.GetFullPath(path)}.",
            "Make one with 'palate demo' or 'palate import', or name another folder.");
}
