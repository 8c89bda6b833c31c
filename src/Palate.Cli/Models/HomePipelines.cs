using Palate.Llm;
using Palate.Storage;

namespace Palate.Cli;

/// <summary>The pipelines that a home declares, each with its re-ranker.</summary>
internal sealed class HomePipelines : IDisposable
{
    private readonly HomeModels _models;
    private readonly Dictionary<string, LlmReranker> _rerankers = new(StringComparer.Ordinal);

    private HomePipelines(HomeModels models) => _models = models;

    /// <summary>The pipelines, ready for a recommender.</summary>
    public IReadOnlyList<PipelineDefinition> Definitions { get; private set; } = [];

    /// <summary>The language-model re-ranker of each pipeline.</summary>
    public IReadOnlyDictionary<string, LlmReranker> Rerankers => _rerankers;

    /// <summary>Connects every model that a pipeline names: what cannot run fails here and not in a request.</summary>
    /// <exception cref="CommandException">A model is missing.</exception>
    /// <exception cref="ArgumentException">A setting is out of its limits; the message names the pipeline.</exception>
    public static HomePipelines Open(Home home, TimeProvider time)
    {
        var models = HomeModels.Open(home.Path, time);
        var pipelines = new HomePipelines(models);
        try
        {
            pipelines.Definitions =
            [
                .. models.Settings.Pipelines.Select(pipeline => pipelines.Define(home, pipeline.Key, pipeline.Value, time)),
            ];
            return pipelines;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>What a request of a pipeline may cost that says nothing of it.</summary>
    public Budget BudgetOf(string? pipeline) =>
        Definitions.FirstOrDefault(definition => definition.Name == pipeline)?.Budget ?? new Budget();

    /// <inheritdoc/>
    public void Dispose() => _models.Dispose();

    private PipelineDefinition Define(Home home, string name, PipelineSettings settings, TimeProvider time)
    {
        string[] tiers = [settings.Model, .. settings.Cascade];
        Trust? trust = TrustFile.Read(home, name);
        LlmReranker[] rerankers;
        try
        {
            rerankers = [.. tiers.Select(model => Reranker(settings, model, trust, time))];
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"pipelines.{name}: {wrong.Message}", wrong);
        }

        _rerankers.Add(name, rerankers[0]);
        return new PipelineDefinition(name)
        {
            Base = settings.Base,
            Budget = settings.Budget(),
            Reranker = rerankers.Length == 1
                ? rerankers[0]
                : new Cascade([.. rerankers.Zip(tiers, (reranker, model) => new CascadeTier(model, reranker))], time),
        };
    }

    private LlmReranker Reranker(PipelineSettings settings, string model, Trust? trust, TimeProvider time) => new(
        new LlmRerankerOptions
        {
            Strategy = settings.Strategy,
            Template = settings.Template,
            Candidates = settings.Candidates,
            History = settings.History,
            Alpha = settings.Alpha,
            Rationales = settings.Rationales,
            Run = new RunnerOptions
            {
                Concurrency = settings.Concurrency,
                CallTimeout = TimeSpan.FromMilliseconds(settings.CallTimeoutMs),
            },
        },
        _models.Connect(model),
        _models.Prompts,
        time,
        () => trust);
}
