using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Palate.Serving;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate serve</c>: answers over HTTP until it is told to stop.</summary>
internal sealed class ServeVerb : Verb
{
    private readonly Option<string[]> _urls = UrlsOption("http://127.0.0.1:8080");

    public ServeVerb(CommonOptions common)
        : base("serve", "Serve recommendations over HTTP until Ctrl+C; new generations are picked up.", common) =>
        Add(_urls);

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.FindHome(arguments);
        await using WebApplication service = Build(home, arguments.GetValue(_urls)!);
        await StartAsync(service, stop);
        var serving = new Serving([.. service.Urls], new GenerationStore(home.GenerationsFolder).CurrentName);
        output.Result(serving, console => console.WriteLine(
            $"Serving {serving.Generation ?? "no generation yet"} at {string.Join(", ", serving.Urls)}. Ctrl+C stops."));
        await service.WaitForShutdownAsync(stop);
        return ExitCode.Ok;
    }

    /// <summary>The option with the addresses.</summary>
    internal static Option<string[]> UrlsOption(string standard) => new("--urls", "--url")
    {
        Description = "The addresses to listen on; port 0 takes any free one.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [standard],
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(
            [';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    /// <summary>The service of a home.</summary>
    internal static WebApplication Build(Home home, IReadOnlyList<string> urls, bool isLogging = true) =>
        PalateService.Build(new ServiceOptions
        {
            Urls = urls,
            Generations = GenerationFeed.Of(new GenerationStore(home.GenerationsFolder), TimeProvider.System),
            Log = isLogging,
        });

    /// <summary>Starts to listen.</summary>
    /// <exception cref="CommandException">An address cannot be listened on.</exception>
    internal static async Task StartAsync(WebApplication service, CancellationToken stop)
    {
        try
        {
            await service.StartAsync(stop);
        }
        catch (IOException failure)
        {
            throw new CommandException(ExitCode.Failed, new Failure(
                "address_unusable",
                failure.Message,
                "Stop what listens there, or give another address with --urls; port 0 takes any free one."));
        }
    }

    /// <summary>Where the service listens, and which generation the home points to.</summary>
    internal sealed record Serving(IReadOnlyList<string> Urls, string? Generation);
}
