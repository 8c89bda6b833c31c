namespace Palate.Simulation;

/// <summary>How long the simulated model takes.</summary>
public sealed record SimulationLatency
{
    /// <summary>No waiting at all.</summary>
    public static SimulationLatency None { get; } = new();

    /// <summary>Before the first token, whatever the prompt.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan Fixed { get; init; }

    /// <summary>Before the first token, for each token of the prompt, cached or not.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan PerInputToken { get; init; }

    /// <summary>For each token of the reply.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan PerOutputToken { get; init; }

    /// <summary>The standard deviation of a normal distribution that is added before the first token.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan Jitter { get; init; }

    internal TimeSpan FirstToken(long inputTokens, double normal)
    {
        TimeSpan mean = Fixed + (PerInputToken * inputTokens);
        TimeSpan total = mean + (Jitter * normal);
        return total > TimeSpan.Zero ? total : TimeSpan.Zero;
    }
}
