namespace Palate.Simulation;

/// <summary>The named ways in which the simulated model behaves.</summary>
public static class SimulationProfiles
{
    private static readonly SimulationLatency Notebook = new()
    {
        Fixed = TimeSpan.FromMilliseconds(12),
        PerInputToken = TimeSpan.FromMilliseconds(0.06),
        Jitter = TimeSpan.FromMilliseconds(3),
    };

    private static readonly SortedDictionary<string, SimulationProfile> ByName = new(
        new List<SimulationProfile>
        {
            new() { Name = "good" },
            new() { Name = "noisy", Noise = 0.25, PositionBias = 0.1 },
            new() { Name = "random", IsRandom = true },
            new() { Name = "hostile", Hostility = 1 },
            new() { Name = "stuck", IsStuckOnFirst = true },
            new() { Name = "malformed", MalformedRate = 0.5, UnknownAliasRate = 0.02 },
            new() { Name = "refusing", RefusalRate = 0.5 },
            new() { Name = "injected", Susceptibility = 2 },
            new() { Name = "verbose", Verbosity = 40 },
            new()
            {
                Name = "slow",
                Latency = new SimulationLatency
                {
                    Fixed = TimeSpan.FromMilliseconds(400),
                    PerInputToken = TimeSpan.FromMilliseconds(0.2),
                    PerOutputToken = TimeSpan.FromMilliseconds(20),
                    Jitter = TimeSpan.FromMilliseconds(80),
                },
            },
            NotebookProfile("notebook", isRandom: false),
            NotebookProfile("notebook-hash", isRandom: true),
        }.ToDictionary(profile => profile.Name, StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>The names, in order.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The profile of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static SimulationProfile Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.TryGetValue(name, out SimulationProfile? profile)
            ? profile
            : throw new ArgumentException(
                $"There is no simulation profile '{name}'; use one of {string.Join(", ", Names)}.", nameof(name));
    }

    private static SimulationProfile NotebookProfile(string name, bool isRandom) => new()
    {
        Name = name,
        Noise = 0,
        IsRandom = isRandom,
        MalformedRate = 0.04,
        MalformedReply = "RESPONSE: score=0.83 rationale=looks good",
        TokensPerWord = 3,
        Latency = Notebook,
    };
}
