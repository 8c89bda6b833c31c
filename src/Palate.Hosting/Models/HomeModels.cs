using Microsoft.Extensions.AI;
using Palate.Llm;
using Palate.Storage;

namespace Palate.Hosting;

/// <summary>The language models of a home, connected when they are first asked for, with their caches, limits and books.</summary>
/// <remarks>Not thread-safe: everything is connected at start, and what it gives out is safe to share.</remarks>
internal sealed class HomeModels : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ProviderRegistry _providers;
    private readonly Dictionary<string, ModelConnection> _connected = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _owned = [];
    private readonly SqliteStore? _store;
    private readonly PriceMap _prices;
    private readonly SpendLimits? _limits;

    private HomeModels(Home? home, TimeProvider time, ProviderRegistry providers, Action<SpendLimit, Money>? warn)
    {
        _time = time;
        _providers = providers;
        Settings = home is null ? new HomeSettings() : HomeConfiguration.Read(home);
        if (Settings.UnknownModels(providers).FirstOrDefault() is { Setting: { } setting } unknown)
        {
            throw new ConfigurationException("bad_settings", unknown.Problem, "Declare it under models in palate.yaml, or name another.")
            {
                Setting = setting,
            };
        }

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

    /// <summary>The models of a home; without one there are only those that need no declaration.</summary>
    /// <param name="path">The home's folder, which need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="providers">Who may serve them.</param>
    /// <param name="warn">Is told of a limit on spending that comes near; null for nobody.</param>
    public static HomeModels Open(
        string path, TimeProvider time, ProviderRegistry providers, Action<SpendLimit, Money>? warn = null) =>
        new(Directory.Exists(path) ? Home.Open(path) : null, time, providers, warn);

    /// <summary>A model by its name in the settings, or one that needs no declaration, as <c>NAME:PROFILE</c>.</summary>
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
        Settings.Models.TryGetValue(name, out ModelSettings? settings) && _providers.Find(settings.Provider)?.Rerank is not null;

    /// <summary>The price of a declared model; null when there is none.</summary>
    public ModelPrice? PriceOf(ModelSettings settings) => _prices.Find(settings.Model);

    /// <summary>Whether somebody is paid for a model's tokens, so that a price has to be given.</summary>
    public bool IsPaid(ModelSettings settings) => _providers.Find(settings.Provider)?.IsPaid == true;

    /// <summary>A rerank interface by its name in the settings.</summary>
    /// <exception cref="ConfigurationException">Its settings are wrong.</exception>
    public RerankApiReranker ConnectRerankApi(
        string name, RerankApiRerankerOptions options, BlendPolicy policy, Action<RerankContext, JudgedCandidates>? observer) =>
        Checked($"models.{name}", () => Priced(name, () => new RerankApiReranker(
            RerankApi(name), options, _time, policy, Spend(IsPaid(Settings.Models[name])), observer)));

    /// <summary>The bare client of a rerank interface, whose calls nobody counts.</summary>
    /// <exception cref="ConfigurationException">Its settings are wrong.</exception>
    public RerankApi RerankApi(string name)
    {
        ModelSettings settings = Settings.Models[name];
        return Checked($"models.{name}", () => _providers.Find(settings.Provider)!.Rerank!(
            new RerankApiOptions
            {
                Name = name,
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

        if (_providers.FindUndeclared(name) is { } undeclared)
        {
            return new ModelSettings { Provider = undeclared.Provider.Name, Profile = undeclared.Profile };
        }

        throw new ConfigurationException(
            "model_not_found",
            $"There is no model '{name}'; there are "
            + $"{string.Join(", ", Settings.Models.Keys.Concat(_providers.Undeclared).Order(StringComparer.Ordinal))}.",
            "Declare it under models in palate.yaml, or use one of these.");
    }

    private ModelConnection Make(string name, ModelSettings settings)
    {
        ModelProvider provider = _providers.Find(settings.Provider) ?? throw new ArgumentException(
            $"models.{name} has the provider '{settings.Provider}'; give one of {string.Join(", ", _providers.Names)}.");
        if (provider.Chat is null)
        {
            throw new ArgumentException(
                $"models.{name} is a rerank interface ({settings.Provider}); use it in a pipeline, here a language model is needed.");
        }

        if (settings.Profile is not null && !provider.HasProfiles)
        {
            throw new ArgumentException(
                $"models.{name}.profile is '{settings.Profile}', but {settings.Provider} has no profiles; give a model instead.");
        }

        var latency = new LatencyModel();
        IChatClient model = provider.Chat(
            new ProviderOptions
            {
                Name = name,
                Model = provider.HasProfiles ? settings.Profile ?? "good" : settings.Model,
                Key = settings.Key,
                Endpoint = Endpoint(name, settings),
                CachePrefix = settings.PrefixCache,
            },
            _time);
        var cache = new CacheOptions
        {
            Entries = settings.CacheEntries,
            TimeToLive = TimeSpan.FromSeconds(Math.Max(1, settings.CacheSeconds)),
            Store = _store is null ? null : Own(new SqliteCacheStore(_store, _time)),
        };
        var chain = new CallChainOptions
        {
            Cache = settings.CacheSeconds > 0 ? new ReplyCache(cache, _time) : null,
            Timeout = new TimeoutOptions { PerCall = TimeSpan.FromMilliseconds(settings.TimeoutMs) },
            HedgeAfter = settings.HedgeMs > 0 ? TimeSpan.FromMilliseconds(settings.HedgeMs) : null,
            Break = settings.BreakMs > 0 ? TimeSpan.FromMilliseconds(settings.BreakMs) : null,
            Retry = settings.Retries > 0
                ? new RetryOptions
                {
                    Attempts = settings.Retries + 1,
                    FirstDelay = TimeSpan.FromMilliseconds(settings.RetryDelayMs),
                }
                : null,
            Limits = new LimitOptions
            {
                Concurrency = settings.Concurrency,
                RequestsPerMinute = settings.RequestsPerMinute,
                TokensPerMinute = settings.TokensPerMinute,
            },
            Spend = Spend(
                provider.IsPaid, (_, entry) => latency.Observe(entry), grace: TimeSpan.FromMilliseconds(settings.GraceMs)),
        };
        return new ModelConnection(name, Priced(name, () => chain.Build(model, _time)))
        {
            Latency = latency,
            IsMeasured = true,
            Estimator = new TokenEstimator(TokenEstimator.FamilyOf(provider.HasProfiles ? provider.Name : settings.Model)),
            Grades = settings.CacheSeconds > 0 ? new GradeCache(cache, _time) : null,
        };
    }

    /// <summary>How a model's calls are priced, limited and written down.</summary>
    /// <param name="isPaid">Whether a model without a price is refused.</param>
    /// <param name="observer">Called after every call; may be null.</param>
    /// <param name="prices">What models cost; null for what the home's file says.</param>
    /// <param name="grace">How long a call that nobody waits for is left running.</param>
    public SpendOptions Spend(
        bool isPaid,
        Action<CallContext, LedgerEntry>? observer = null,
        PriceMap? prices = null,
        TimeSpan grace = default) => new()
        {
            Prices = prices ?? _prices,
            Ledger = Ledger,
            Limits = _limits,
            Unknown = isPaid ? UnknownPrice.Refuse : UnknownPrice.CountAsUnpriced,
            Observer = observer,
            Grace = grace,
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
