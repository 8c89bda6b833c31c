namespace Palate.Simulation;

/// <summary>What the simulated provider needs to start.</summary>
public sealed class SimulationOptions
{
    /// <summary>The addresses to listen on.</summary>
    /// <value>The default is <c>http://127.0.0.1:8090</c>. Port 0 takes any free port. Only <c>http</c>.</value>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8090"];

    /// <summary>How its model behaves.</summary>
    /// <value>The default is the profile <c>good</c>.</value>
    public SimulationProfile Profile { get; init; } = new();

    /// <summary>Decides everything that is random.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Waits for latencies and drips.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What goes wrong with every call that asks for nothing else; empty for nothing.</summary>
    /// <value>For example <c>429;retry-after=1</c>; see <see cref="SimulationService"/>.</value>
    public string Fault { get; init; } = "";

    /// <summary>Whether a reply's JSON schema is understood; a call with one is refused otherwise.</summary>
    /// <value>The default is true.</value>
    public bool TakesSchema { get; init; } = true;

    /// <summary>Whether JSON mode is understood; a call that asks for it is refused otherwise.</summary>
    /// <value>The default is true.</value>
    public bool TakesJsonMode { get; init; } = true;

    /// <summary>The key that calls must bring, in any of the usual headers; null for none.</summary>
    public string? RequiredKey { get; init; }

    /// <summary>Checks every option against its limits.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public void Validate()
    {
        foreach (string url in Urls)
        {
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.Length == "http://".Length)
            {
                throw new ArgumentException(
                    $"'{url}' is not an address to listen on; give one like http://127.0.0.1:8090.");
            }
        }

        if (Urls.Count == 0)
        {
            throw new ArgumentException(
                "There is no address to listen on; give one, for example http://127.0.0.1:8090.");
        }

        Profile.Validate();
        _ = SimulatedFault.Parse(Fault);
    }
}
