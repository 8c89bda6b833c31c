using Palate.Hosting;

namespace Palate.Serving;

/// <summary>What the service needs to start.</summary>
public sealed class ServiceOptions
{
    /// <summary>The addresses to listen on.</summary>
    /// <value>The default is <c>http://127.0.0.1:8080</c>. Port 0 takes any free port. Only <c>http</c>.</value>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>Where the generations come from.</summary>
    public required GenerationFeed Generations { get; init; }

    /// <summary>The clock of the polling and of the request durations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Takes up what was learned beside the generations and has changed, and says what; asked as often as the pointer is
    /// read, never twice at a time. It must not throw.
    /// </summary>
    /// <value>The default finds nothing.</value>
    public Func<IReadOnlyList<LearnedChange>> Learned { get; init; } = () => [];

    /// <summary>How often the pointer to the current generation is read.</summary>
    /// <value>The default is one second; from 100 milliseconds to one hour.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether startup, generation changes and failures are written to standard error.</summary>
    /// <value>The default is true. Requests are never logged; they are counted.</value>
    public bool Log { get; init; } = true;

    /// <summary>Checks every option against its limits.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    public void Validate()
    {
        if (Urls.Count == 0)
        {
            throw new ArgumentException(
                "There is no address to listen on; give one, for example http://127.0.0.1:8080.");
        }

        foreach (string url in Urls)
        {
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.Length == "http://".Length)
            {
                throw new ArgumentException(
                    $"'{url}' is not an address to listen on; give one like http://127.0.0.1:8080. "
                    + "For https put a reverse proxy in front.");
            }
        }

        if (PollInterval < TimeSpan.FromMilliseconds(100) || PollInterval > TimeSpan.FromHours(1))
        {
            throw new ArgumentException(
                $"The poll interval is {PollInterval}; give one from 100 milliseconds to one hour.");
        }
    }
}
