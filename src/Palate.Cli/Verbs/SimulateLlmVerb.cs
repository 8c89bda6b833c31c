using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Palate.Simulation;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate simulate llm</c>: the simulated model behind the interfaces of real ones, with faults on demand.</summary>
internal sealed class SimulateLlmVerb : Verb
{
    private readonly Option<int> _port = new NumberOption(
        "--port", 8090, "N", "The port on loopback; 0 takes any free one.", most: 65_535);

    private readonly Option<string> _profile = new("--profile")
    {
        Description = $"How it behaves: {string.Join(", ", SimulationProfiles.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "good",
    };

    private readonly Option<string> _fault = new("--fault")
    {
        Description = "A fault of every call, for example 429, 500, hang, drip or garbage.",
        HelpName = "FAULT",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Fixes its noise.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    public SimulateLlmVerb(CommonOptions common)
        : base("llm", "Serve the simulated model as an OpenAI-compatible server until Ctrl+C.", common)
    {
        Add(_port);
        Add(_profile);
        Add(_fault);
        Add(_seed);
    }

    protected override string FullName => "simulate llm";

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        SimulationProfile profile = SimulationProfiles.Named(arguments.GetValue(_profile)!);
        await using WebApplication server = SimulationService.Build(new SimulationOptions
        {
            Urls = [$"http://127.0.0.1:{arguments.GetValue(_port)}"],
            Profile = profile,
            Fault = arguments.GetValue(_fault)!,
            Seed = arguments.GetValue(_seed),
        });
        await ServeVerb.ListenAsync(server, "--port", stop);
        var serving = new Serving([.. server.Urls], profile.Name, SimulatedModel.ModelName);
        output.Result(serving, console => console.WriteLine(
            $"Simulating a model (profile {profile.Name}) at {string.Join(", ", server.Urls)}/v1. Ctrl+C stops."));
        await server.WaitForShutdownAsync(stop);
        return ExitCode.Ok;
    }

    /// <summary>Where it listens, and how it behaves.</summary>
    internal sealed record Serving(IReadOnlyList<string> Urls, string Profile, string Model);
}
