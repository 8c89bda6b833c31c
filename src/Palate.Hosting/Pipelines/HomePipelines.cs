using Palate.Llm;
using Palate.Storage;
using YamlDotNet.Core;

namespace Palate.Hosting;

/// <summary>The pipelines that a home declares, each with its re-rankers.</summary>
internal sealed class HomePipelines : IDisposable
{
    private const int MaxRecord = 1_000_000;

    private readonly HomeModels _models;
    private readonly GoalCatalog _goals;
    private readonly HomeRewriting _rewriting;
    private readonly Dictionary<string, LlmReranker> _rerankers = new(StringComparer.Ordinal);
    private readonly List<Tier> _tiers = [];
    private readonly List<Func<LearnedChange?>> _followed = [];
    private readonly SqliteJudgments? _judgments;
    private readonly JudgmentRecorder? _recorder;

    private HomePipelines(HomeModels models, GoalCatalog goals, HomeRewriting rewriting, bool isLive, TimeProvider time)
    {
        _models = models;
        _goals = goals;
        _rewriting = rewriting;
        if (isLive && models.Settings.Pipelines.Values.Any(pipeline => pipeline.Record > 0))
        {
            _judgments = new SqliteJudgments(models.Store!, time, name => models.Settings.Pipelines[name].Record);
            _recorder = new JudgmentRecorder(_judgments.Add);
        }
    }

    /// <summary>The pipelines, ready for a recommender.</summary>
    public IReadOnlyList<PipelineDefinition> Definitions { get; private set; } = [];

    /// <summary>The language-model re-ranker of each pipeline whose first model is one.</summary>
    public IReadOnlyDictionary<string, LlmReranker> Rerankers => _rerankers;

    /// <summary>The home's models, with what they cost.</summary>
    public HomeModels Models => _models;

    /// <summary>Every model of every pipeline, in the order of the file.</summary>
    public IReadOnlyList<Tier> Tiers => _tiers;

    /// <summary>The first model of every pipeline: the one that a student learns from.</summary>
    public IEnumerable<Tier> Teachers => _tiers.DistinctBy(tier => tier.Pipeline);

    /// <summary>Connects every model that a pipeline names: what cannot run fails here and not in a request.</summary>
    /// <param name="home">The home.</param>
    /// <param name="time">The clock.</param>
    /// <param name="providers">Who may serve models.</param>
    /// <param name="isLive">Whether requests of real users are answered, whose judgments are kept to learn from.</param>
    /// <param name="warn">Is told of a limit on spending that comes near; null for nobody.</param>
    /// <exception cref="ConfigurationException">A model is missing, or a setting is out of its limits.</exception>
    public static HomePipelines Open(
        Home home,
        TimeProvider time,
        ProviderRegistry providers,
        bool isLive = false,
        Action<SpendLimit, Money>? warn = null)
    {
        var models = HomeModels.Open(home.Path, time, providers, warn);
        try
        {
            var pipelines = new HomePipelines(
                models,
                Goals(Path.Combine(home.Path, "goals.yaml")),
                new HomeRewriting(home, models, time),
                isLive,
                time);
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

    /// <summary>Takes up what was learned since the last time; one caller at a time.</summary>
    /// <returns>What changed, and what was refused because it is damaged.</returns>
    public IReadOnlyList<LearnedChange> Poll() => [.. _followed.Select(poll => poll()).OfType<LearnedChange>()];

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorder?.Dispose();
        _judgments?.Dispose();
        _models.Dispose();
    }

    private static GoalCatalog Goals(string file)
    {
        try
        {
            // What the catalog would not survive is refused first.
            _ = YamlFile.Read(file);
            return GoalCatalog.Load(file);
        }
        catch (Exception wrong) when (wrong is YamlException or ArgumentException)
        {
            throw new ConfigurationException(
                "bad_settings",
                wrong is YamlException yaml ? $"The file {file} cannot be used: {YamlFile.Words(yaml)}" : wrong.Message,
                "Mend the file, or delete it for the goals that come with Palate.",
                wrong);
        }
    }

    private PipelineDefinition Define(Home home, string name, PipelineSettings settings, TimeProvider time)
    {
        Tier[] tiers;
        Func<Generation, IQueryRewriter>? rewriting;
        try
        {
            rewriting = _rewriting.Of(settings.Rewriting);
            tiers = [.. ((string[])[settings.Model, .. settings.Cascade]).Select(model => Make(home, name, settings, model, time))];
            settings.Budget().Validate();
            if (settings.Record is < 0 or > MaxRecord)
            {
                throw new ArgumentException($"record is {settings.Record}; give 0 to {MaxRecord}.");
            }
        }
        catch (ArgumentException wrong)
        {
            throw ConfigurationException.Of($"pipelines.{name}", wrong);
        }

        _tiers.AddRange(tiers);
        if (tiers[0].Reranker is LlmReranker first)
        {
            _rerankers.Add(name, first);
        }

        return new PipelineDefinition(name)
        {
            Base = settings.Base,
            Rewriting = rewriting,
            Budget = settings.Budget(),
            Shaping = settings.Shaping,
            Reranker = Chain(home, tiers, settings, time),
        };
    }

    /// <summary>The models one after the other, and behind them the student of the first, whenever it has one.</summary>
    private ReplaceableReranker Chain(Home home, Tier[] tiers, PipelineSettings settings, TimeProvider time)
    {
        (string pipeline, string model) = (tiers[0].Pipeline, tiers[0].Model);
        var student = new FollowedFile<StudentFile.Taught>(
            StudentFile.PathOf(home, pipeline, model), () => StudentFile.Read(home, pipeline, model));
        var chain = new ReplaceableReranker(Chain(student.Current, tiers, settings, time));
        _followed.Add(() =>
        {
            LearnedChange? change = student.Poll();
            if (change is { Refusal: null })
            {
                chain.Current = Chain(student.Current, tiers, settings, time);
            }

            return change;
        });
        return chain;
    }

    private static IReranker Chain(StudentFile.Taught? taught, Tier[] tiers, PipelineSettings settings, TimeProvider time)
    {
        Tier teacher = tiers[0];
        if (tiers.Length == 1 && taught is null)
        {
            return teacher.Reranker;
        }

        StudentTier? student = taught is null ? null : new StudentTier(
            taught.Student,
            taught.Agreement,
            taught.Candidates,
            context => teacher.BlendPolicy.BlendOf(context).Alpha >= 1
                ? $"Its teacher '{teacher.Model}' is not followed on such requests ({context.Segment})."
                : null);

        // A call needs time to come back in; scoring trees takes next to none.
        var reserve = TimeSpan.FromMilliseconds(tiers.Length > 1 ? settings.DeadlineMs * 0.3 : Math.Min(10, settings.DeadlineMs * 0.2));
        List<CascadeTier> chain =
        [
            .. tiers.Select((tier, place) => new CascadeTier(
                tier.Model, place == 0 && student is not null ? student.Watch(tier.Reranker) : tier.Reranker)
            {
                Reserve = place < tiers.Length - 1 || student is not null ? reserve / (place + 1) : TimeSpan.Zero,
            }),
        ];
        if (student is not null)
        {
            chain.Add(student.Tier);
        }

        return new Cascade(chain, time);
    }

    private Tier Make(Home home, string pipeline, PipelineSettings settings, string model, TimeProvider time)
    {
        var learned = new FollowedFile<TrustFile.Learned>(
            TrustFile.PathOf(home, pipeline, model), () => TrustFile.Read(home, pipeline, model));
        _followed.Add(learned.Poll);
        var policy = new BlendPolicy
        {
            Model = model,
            Alpha = settings.Alpha,
            Trust = () => learned.Current?.Trust,
            Ask = () => settings.Ask == Asking.Learned ? learned.Current?.Ask : null,
        };

        // A student learns from the first model alone.
        Action<RerankContext, JudgedCandidates>? observer = _recorder is { } recorder && settings.Record > 0 && model == settings.Model
            ? (context, judged) => recorder.Add(model, context, judged)
            : null;
        IReranker reranker = _models.IsRerankApi(model)
            ? _models.ConnectRerankApi(
                model,
                new RerankApiRerankerOptions
                {
                    Name = model,
                    Model = _models.Settings.Models[model].Model,
                    Candidates = settings.Candidates,
                    CallTimeout = TimeSpan.FromMilliseconds(settings.CallTimeoutMs),
                },
                policy,
                observer)
            : new LlmReranker(
                Options(settings), _models.Connect(model), _models.Prompts, time, policy.Trust, policy.Ask, observer);
        return new Tier(pipeline, model, reranker, (IJudge)reranker, policy, settings.Candidates);
    }

    private LlmRerankerOptions Options(PipelineSettings settings) => new()
    {
        Strategy = settings.Strategy,
        Template = settings.Template,
        Candidates = settings.Candidates,
        StrategyOptions = settings.StrategyOptions,
        Graph = settings.Graph.Options(_goals),
        Prompt = new PromptOptions
        {
            Domain = settings.Domain,
            History = settings.History,
            ProfileTokens = settings.ProfileTokens,
            ItemTokens = settings.ItemTokens,
            Attributes = settings.Attributes,
            Layout = settings.Layout,
            CachedPriceRatio = settings.CachedPriceRatio,
        },
        Evidence = settings.Evidence,
        Alpha = settings.Alpha,
        Rationales = settings.Rationales,
        Run = new RunnerOptions
        {
            Concurrency = settings.Concurrency,
            MaxRounds = settings.MaxRounds,
            MaxCalls = settings.MaxCalls,
            SettledAt = settings.SettledAt,
            CallTimeout = TimeSpan.FromMilliseconds(settings.CallTimeoutMs),
        },
    };

    /// <summary>A model of a pipeline.</summary>
    internal sealed record Tier(
        string Pipeline, string Model, IReranker Reranker, IJudge Judge, BlendPolicy BlendPolicy, int Candidates);
}
