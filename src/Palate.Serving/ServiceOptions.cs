namespace Palate.Serving;

/// <summary>What the service needs to start.</summary>
public sealed class ServiceOptions
{
    /// <summary>The addresses to listen on.</summary>
    /// <value>The default is <c>http://127.0.0.1:8080</c>. Port 0 takes any free port. Only <c>http</c>.</value>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

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
    }
}
