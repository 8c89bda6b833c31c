using Microsoft.Extensions.AI;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>The language models of a home, connected when they are first asked for, with their caches, limits and books.</summary>
/// <remarks>Not thread-safe: everything is connected at start, and what it gives out is safe to share.</remarks>
internal sealed class HomeModels : IDisposable
{
    private const string Simulated = "simulated";

    // Servers that somebody runs himself have no price per token, so none has to be given.
    private static readonly Dictionary<string, (ProviderKind Kind, bool IsPaid)> Providers = new(StringComparer.Ordinal)
    {
        ["openai"] = (ProviderKind.OpenAI, true),
        ["azure-openai"] = (ProviderKind.AzureOpenAI, true),
        ["anthropic"] = (ProviderKind.Anthropic, true),
        ["bedrock"] = (ProviderKind.BedrockOpenAI, true),
        ["bedrock-converse"] = (ProviderKind.BedrockConverse, true),
        ["openai-compatible"] = (ProviderKind.OpenAICompatible, false),
        ["vllm"] = (ProviderKind.Vllm, false),
        ["tgi"] = (ProviderKind.Tgi, false),
        ["ollama"] = (ProviderKind.Ollama, false),
        ["llama-cpp"] = (ProviderKind.LlamaCpp, false),
        [Simulated] = (ProviderKind.Simulated, false),
    };

    private static readonly Dictionary<string, (RerankApiKind Kind, bool IsPaid)> RerankApis = new(StringComparer.Ordinal)
    {
        ["cohere"] = (RerankApiKind.Cohere, true),
        ["jina"] = (RerankApiKind.Jina, true),
        ["tei"] = (RerankApiKind.Tei, false),
        ["vllm-rerank"] = (RerankApiKind.Vllm, false),
    };

    private readonly TimeProvider _time;
    private readonly Dictionary<string, ModelConnection> _connected = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _owned = [];
    private readonly SqliteStore? _store;
    private readonly PriceMap _prices;
    private readonly SpendLimits? _limits;

    private HomeModels(Home? home, TimeProvider time, Action<SpendLimit, Money>? warn)
    {
        _time = time;
        Settings = home is null ? new HomeSettings() : HomeConfiguration.Read(home);
        Prompts = LoadPrompts(home is null ? null : Path.Combine(home.Path, "prompts"));
        _prices = new PriceMap(Settings.Prices.ToDictionary(
            price => price.Key,
            price => new ModelPrice(
                price.Value.Input,
                price.Value.Output,
                price.Value.CachedInput,
                price.Value.CacheWrite,
                price.Value.SearchUnit)));
        if (home is null)
        {
            Ledger = new InMemoryLedger();
            return;
        }

        _store = Own(home.OpenStore());
        Ledger = Own(new SqliteLedger(_store, time));
        try
        {
            _limits = Settings.Spend.Count == 0
                ? null
                : Checked("spend", () => new SpendLimits(Settings.Spend.Select(Limit), Ledger) { SoftLimitReached = warn });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the home's file says.</summary>
    public HomeSettings Settings { get; }

    /// <summary>The prompt templates, the home's own included.</summary>
    public PromptLibrary Prompts { get; }

    /// <summary>What was spent.</summary>
    public ILedger Ledger { get; }

    /// <summary>The home's database; null without a home. Closed with this.</summary>
    public SqliteStore? Store => _store;

    /// <summary>The models of a home; without one there is only the simulated model.</summary>
    /// <param name="path">The home's folder, which need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">Is told of a limit on spending that comes near; null for nobody.</param>
    public static HomeModels Open(string path, TimeProvider time, Action<SpendLimit, Money>? warn = null) =>
        new(Directory.Exists(path) ? Home.Open(path) : null, time, warn);

    /// <summary>A model by its name in the settings, or <c>simulated</c>, or <c>simulated:PROFILE</c>.</summary>
    /// <exception cref="ConfigurationException">There is no such model, or its settings are wrong.</exception>
    public ModelConnection Connect(string name)
    {
        if (!_connected.TryGetValue(name, out ModelConnection? connection))
        {
            ModelSettings settings = Find(name);
            connection = Checked($"models.{name}", () => Make(name, settings));
            _connected.Add(name, connection);
        }

        return connection;
    }

    /// <summary>Whether a model is a cross-encoder behind a rerank interface and no language model.</summary>
    public bool IsRerankApi(string name) =>
        Settings.Models.TryGetValue(name, out ModelSettings? settings) && RerankApis.ContainsKey(settings.Provider);

    /// <summary>The price of a declared model; null when there is none.</summary>
    public ModelPrice? PriceOf(ModelSettings settings) => _prices.Find(settings.Model);

    /// <summary>Whether somebody is paid for a model's tokens, so that a price has to be given.</summary>
    public static bool IsPaid(ModelSettings settings) =>
        (Providers.TryGetValue(settings.Provider, out (ProviderKind, bool IsPaid) chat) && chat.IsPaid)
        || (RerankApis.TryGetValue(settings.Provider, out (RerankApiKind, bool IsPaid) api) && api.IsPaid);

    /// <summary>A rerank interface by its name in the settings.</summary>
    /// <exception cref="ConfigurationException">Its settings are wrong.</exception>
    public RerankApiReranker ConnectRerankApi(
        string name, RerankApiRerankerOptions options, Reliance reliance, Action<RerankContext, JudgedTop>? observer) =>
        Checked($"models.{name}", () => Priced(name, () => new RerankApiReranker(
            RerankApi(name), options, _time, reliance, Spend(RerankApis[Settings.Models[name].Provider].IsPaid), observer)));

    /// <summary>The bare client of a rerank interface, whose calls nobody counts.</summary>
    /// <exception cref="ConfigurationException">Its settings are wrong.</exception>
    public RerankApi RerankApi(string name)
    {
        ModelSettings settings = Settings.Models[name];
        return Checked($"models.{name}", () => new RerankApi(
            new RerankApiOptions
            {
                Name = name,
                Kind = RerankApis[settings.Provider].Kind,
                Endpoint = Endpoint(name, settings),
                Model = settings.Model,
                Key = settings.Key,
            },
            _time));
    }

    /// <summary>Writes down what was spent and closes everything.</summary>
    public void Dispose()
    {
        foreach (ModelConnection connection in _connected.Values)
        {
            connection.Chat.Dispose();
        }

        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }
    }

    private static Uri? Endpoint(string name, ModelSettings settings) =>
        settings.Endpoint is null ? null
        : Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out Uri? endpoint) ? endpoint
        : throw new ArgumentException(
            $"models.{name}.endpoint is '{settings.Endpoint}'; give an address like http://127.0.0.1:8000.");

    private static SpendLimit Limit(SpendSettings spend) => new()
    {
        Pipeline = spend.Pipeline,
        Tenant = spend.Tenant,
        EachTenant = spend.EachTenant,
        Per = spend.Per,
        HardMicroDollars = (long)(spend.Dollars * 1_000_000m),
        SoftMicroDollars = spend.SoftDollars is { } soft ? (long)(soft * 1_000_000m) : null,
    };

    private ModelSettings Find(string name)
    {
        if (Settings.Models.TryGetValue(name, out ModelSettings? settings))
        {
            return settings;
        }

        if (name == Simulated || name.StartsWith(Simulated + ":", StringComparison.Ordinal))
        {
            return new ModelSettings
            {
                Provider = Simulated,
                Profile = name.Length > Simulated.Length ? name[(Simulated.Length + 1)..] : "good",
            };
        }

        throw new ConfigurationException(
            "model_not_found",
            $"There is no model '{name}'; there are {string.Join(", ", Settings.Models.Keys.Append(Simulated).Order(StringComparer.Ordinal))}.",
            "Declare it under models in palate.yaml, or use simulated.");
    }

    private ModelConnection Make(string name, ModelSettings settings)
    {
        if (!Providers.TryGetValue(settings.Provider, out (ProviderKind Kind, bool IsPaid) provider))
        {
            throw new ArgumentException(
                RerankApis.ContainsKey(settings.Provider)
                    ? $"models.{name} is a rerank interface ({settings.Provider}); use it in a pipeline, here a language model is needed."
                    : $"models.{name} has the provider '{settings.Provider}'; give one of {string.Join(", ", Providers.Keys.Concat(RerankApis.Keys))}.");
        }

        var latency = new LatencyModel(new LatencyOptions { Memory = 96 });
        bool isSimulated = provider.Kind == ProviderKind.Simulated;
        IChatClient model = isSimulated
            ? new SimulatedModel(SimulationProfiles.Named(settings.Profile), time: _time)
            : ProviderFactory.Create(
                new ProviderOptions
                {
                    Name = name,
                    Kind = provider.Kind,
                    Model = settings.Model,
                    Key = settings.Key,
                    Endpoint = Endpoint(name, settings),
                },
                _time);
        var cache = new CacheOptions
        {
            TimeToLive = TimeSpan.FromSeconds(Math.Max(1, settings.CacheSeconds)),
            Store = _store is null ? null : Own(new SqliteCacheStore(_store, _time)),
        };
        var chain = new CallChainOptions
        {
            Cache = settings.CacheSeconds > 0 ? new ReplyCache(cache, _time) : null,
            Retry = settings.Retries > 0 ? new RetryOptions { Attempts = settings.Retries + 1 } : null,
            Limits = new LimitOptions
            {
                Concurrency = settings.Concurrency,
                RequestsPerMinute = settings.RequestsPerMinute,
                TokensPerMinute = settings.TokensPerMinute,
            },
            Spend = Spend(provider.IsPaid, (_, entry) => latency.Observe(entry)),
        };
        return new ModelConnection(name, Priced(name, () => chain.Build(model, _time)))
        {
            Latency = latency,
            IsMeasured = true,
            Estimator = new TokenEstimator(TokenEstimator.FamilyOf(isSimulated ? Simulated : settings.Model)),
            Grades = settings.CacheSeconds > 0 ? new GradeCache(cache, _time) : null,
        };
    }

    /// <summary>How a model's calls are priced, limited and written down.</summary>
    /// <param name="isPaid">Whether a model without a price is refused.</param>
    /// <param name="observer">Called after every call; may be null.</param>
    /// <param name="prices">What models cost; null for what the home's file says.</param>
    public SpendOptions Spend(bool isPaid, Action<CallContext, LedgerEntry>? observer = null, PriceMap? prices = null) => new()
    {
        Prices = prices ?? _prices,
        Ledger = Ledger,
        Limits = _limits,
        Unknown = isPaid ? UnknownPrice.Refuse : UnknownPrice.CountAsUnpriced,
        Observer = observer,
    };

    private static PromptLibrary LoadPrompts(string? folder)
    {
        try
        {
            return PromptLibrary.Load(folder);
        }
        catch (PromptException wrong)
        {
            throw new ConfigurationException(
                "bad_settings", wrong.Message[..^wrong.Remedy.Length].TrimEnd(), wrong.Remedy, wrong)
            {
                Setting = $"prompts/{wrong.File}",
            };
        }
    }

    private static T Checked<T>(string setting, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException wrong)
        {
            throw ConfigurationException.Of(setting, wrong);
        }
    }

    private static T Priced<T>(string name, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ModelCallException missing)
        {
            throw new ArgumentException(
                $"models.{name}: {missing.Message} Prices are under prices in palate.yaml, by the model's name.", missing);
        }
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
