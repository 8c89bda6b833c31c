namespace Palate.Simulation;

/// <summary>How the simulated model behaves: what it does to its own judgment before it says it.</summary>
/// <remarks>Utilities are from 0 to 1. Everything random is drawn from the seed and the prompt.</remarks>
public sealed record SimulationProfile
{
    /// <summary>The name in settings and reports.</summary>
    public string Name { get; init; } = "good";

    /// <summary>The standard deviation of what is added to each utility, drawn anew for each prompt.</summary>
    /// <value>The default is 0.03.</value>
    public double Noise { get; init; } = 0.03;

    /// <summary>What the first shown candidate gains over the last.</summary>
    /// <value>The default is 0.</value>
    public double PositionBias { get; init; }

    /// <summary>How many words it says around the answer, and in each reason beyond the first few.</summary>
    /// <value>The default is 0.</value>
    public int Verbosity { get; init; }

    /// <summary>The share of prompts that it declines, 0 to 1.</summary>
    public double RefusalRate { get; init; }

    /// <summary>The share of prompts that it answers in the wrong form, 0 to 1.</summary>
    public double MalformedRate { get; init; }

    /// <summary>What it says in the wrong form; null for a mixture of cut, fenced, doubled, empty and chatty replies.</summary>
    public string? MalformedReply { get; init; }

    /// <summary>The share of named candidates that it replaces by a name that was not shown, 0 to 1.</summary>
    public double UnknownAliasRate { get; init; }

    /// <summary>The share of prompts that it answers in reverse, 0 to 1.</summary>
    public double Hostility { get; init; }

    /// <summary>Whether it always says the order in which candidates are shown.</summary>
    public bool IsStuckOnFirst { get; init; }

    /// <summary>What a candidate gains whose text holds instructions.</summary>
    /// <value>The default is 0.</value>
    public double Susceptibility { get; init; }

    /// <summary>Whether it judges by a hash of the prompt instead of by reading.</summary>
    public bool IsRandom { get; init; }

    /// <summary>How many tokens a word has; 0 to count about as a byte-pair encoding does.</summary>
    /// <value>The default is 0.</value>
    public int TokensPerWord { get; init; }

    /// <summary>How long it takes.</summary>
    /// <value>The default is no time at all.</value>
    public SimulationLatency Latency { get; init; } = SimulationLatency.None;

    /// <summary>Checks every value against its limits.</summary>
    /// <exception cref="ArgumentException">A value is out of its limits.</exception>
    public void Validate()
    {
        CheckShare(RefusalRate, nameof(RefusalRate));
        CheckShare(MalformedRate, nameof(MalformedRate));
        CheckShare(UnknownAliasRate, nameof(UnknownAliasRate));
        CheckShare(Hostility, nameof(Hostility));
        if (!double.IsFinite(Noise) || Noise < 0 || !double.IsFinite(PositionBias) || !double.IsFinite(Susceptibility))
        {
            throw new ArgumentException(
                $"The simulation profile '{Name}' has a noise of {Noise}, a position bias of {PositionBias} and a "
                + $"susceptibility of {Susceptibility}; give finite numbers, and a noise of 0 or more.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Verbosity);
        ArgumentOutOfRangeException.ThrowIfNegative(TokensPerWord);
    }

    private void CheckShare(double share, string name)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"The simulation profile '{Name}' has {name} = {share}; give 0 to 1.");
        }
    }
}
