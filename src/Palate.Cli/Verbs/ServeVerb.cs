using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Palate.Serving;
using Palate.Simulation;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate serve</c>: answers over HTTP until it is told to stop.</summary>
internal sealed class ServeVerb : Verb
{
    private readonly Option<string[]> _urls = UrlsOption("http://127.0.0.1:8080");

    public ServeVerb(CommonOptions common)
        : base("serve", "Serve recommendations over HTTP until Ctrl+C; new generations and what is learned are picked up.", common) =>
        Add(_urls);

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        await using WebApplication service = Build(home, arguments.GetValue(_urls)!);
        string? trouble = await StartAsync(service, stop);
        string? generation = trouble is null ? new GenerationStore(home.GenerationsFolder).CurrentName : null;
        var serving = new Serving([.. service.Urls], generation, trouble);
        output.Result(serving, console => Show(console, serving));
        await service.WaitForShutdownAsync(stop);
        return ExitCode.Ok;
    }

    /// <summary>The option with the addresses.</summary>
    internal static Option<string[]> UrlsOption(string standard) => new ListOption(
        "--urls", "URL", "The addresses to listen on; port 0 takes any free one.", [standard], ",;", "--url");

    /// <summary>The service of a home.</summary>
    internal static WebApplication Build(Home home, IReadOnlyList<string> urls, bool isLogging = true) =>
        PalateService.Build(new ServiceOptions { Urls = urls, Log = isLogging }, palate => palate.UseHome(home.Path).Services.AddSimulation());

    /// <summary>Starts to listen, and waits for the first generation.</summary>
    /// <returns>Why no generation answers yet; null when one does.</returns>
    /// <exception cref="CommandException">An address cannot be listened on.</exception>
    internal static async Task<string?> StartAsync(WebApplication service, CancellationToken stop)
    {
        await ListenAsync(service, "--urls", stop);
        return await PalateService.WhenLoadedAsync(service);
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="service">Who listens.</param>
    /// <param name="option">The option that says where.</param>
    /// <param name="stop">Stops the start.</param>
    /// <exception cref="CommandException">An address cannot be listened on.</exception>
    internal static async Task ListenAsync(WebApplication service, string option, CancellationToken stop)
    {
        try
        {
            await service.StartAsync(stop);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or FormatException)
        {
            throw new CommandException(ExitCode.Failed, new Failure(
                "address_unusable",
                failure.Message,
                $"Stop what listens there, or give another address with {option}; port 0 takes any free one."));
        }
    }

    private static void Show(IAnsiConsole console, Serving serving)
    {
        console.WriteLine(
            $"Serving {serving.Generation ?? "no generation yet"} at {string.Join(", ", serving.Urls)}. Ctrl+C stops.");
        if (serving.Trouble is not null)
        {
            console.WriteLine(TerminalText.Clean($"{serving.Trouble} The service looks every second."));
        }
    }

    /// <summary>Where the service listens, which generation answers, and why none does.</summary>
    internal sealed record Serving(IReadOnlyList<string> Urls, string? Generation, string? Trouble);
}
