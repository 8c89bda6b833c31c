using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Palate.Hosting;
using Palate.Simulation;
using Palate.Storage;
using Spectre.Console;

namespace Palate.Cli;

/// <summary><c>palate demo</c>: a generated shop, trained and served, that answers one request to begin with.</summary>
internal sealed class DemoVerb : Verb
{
    private static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Option<string[]> _urls = ServeVerb.UrlsOption("http://localhost:8080");

    private readonly Option<bool> _once = new("--once")
    {
        Description = "Stop after the first answer instead of serving on.",
    };

    public DemoVerb(CommonOptions common)
        : base("demo", "Generate a shop, train on it, serve it, and ask it for a recommendation.", common)
    {
        Add(_urls);
        Add(_once);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken stop)
    {
        Home home = CommonOptions.CreateHome(arguments);
        string user = Fill(home, output, stop);
        string generation = TrainOnce(home, output, stop);
        DeclarePipelines(home);
        await using WebApplication service = ServeVerb.Build(home, arguments.GetValue(_urls)!, isLogging: false);
        if (await ServeVerb.StartAsync(service, stop) is { } trouble)
        {
            throw new CommandException(ExitCode.Damaged, new Failure(
                "generation_damaged", trouble, "Run 'palate train' with the same --home, then the demo again."));
        }

        string address = service.Urls.First().TrimEnd('/');
        Recommendation answer = await AskAsync(address, user, stop);
        var demo = new Demo(home.Path, generation, [.. service.Urls], user, answer);
        bool isOnce = arguments.GetValue(_once);
        output.Result(demo, console => Show(console, demo, address, isOnce));
        if (!isOnce)
        {
            await service.WaitForShutdownAsync(stop);
        }

        await service.StopAsync(CancellationToken.None);
        return ExitCode.Ok;
    }

    /// <summary>Imports the demo world into an empty home, and returns a user to ask for.</summary>
    private static string Fill(Home home, CommandOutput output, CancellationToken stop)
    {
        using SqliteStore store = home.OpenStore();
        string? foreign = store.Imports().Select(run => run.Reader).FirstOrDefault(reader => reader != "demo");
        if (foreign is not null)
        {
            throw new CommandException(ExitCode.BadInput, new Failure(
                "home_in_use",
                $"The home {home.Path} holds data of {foreign}; the demo would mix its shop into it.",
                "Give the demo a home of its own: palate demo --home DIR."));
        }

        if (store.Counts().HeldOut == 0)
        {
            output.Say("Generating a shop with 4,000 items and 3,000 users ...");
            ImportVerb.Import(home, DemoWorld.Generate(null, stop), new ImportOptions(), output, stop);
        }

        return store.LoadUsers()[0].Id;
    }

    /// <summary>The simulated model and a pipeline that asks it, unless the home has pipelines of its own.</summary>
    private static void DeclarePipelines(Home home)
    {
        if (HomeConfiguration.Read(home).Pipelines.Count == 0)
        {
            HomeConfiguration.WritePipelines(
                home,
                new Dictionary<string, ModelSettings> { ["simulated"] = new() { Provider = "simulated" } },
                new Dictionary<string, PipelineSettings> { ["llm"] = new() { Model = "simulated" } });
        }
    }

    private static string TrainOnce(Home home, CommandOutput output, CancellationToken stop)
    {
        if (new GenerationStore(home.GenerationsFolder).CurrentName is { } current)
        {
            return current;
        }

        // A newcomer waits for this: fewer hold-outs, and no source that does not serve. The settings stay in palate.yaml.
        if (!File.Exists(home.ConfigurationFile))
        {
            var defaults = new TrainingOptions();
            HomeConfiguration.WriteTraining(home, defaults with
            {
                Sources = defaults.Sources with { Ease = null, Slim = null, ItemNeighbours = null, UserNeighbours = null },
                Ranking = defaults.Ranking with { HoldOuts = 2 },
            });
        }

        output.Say("Training ...");
        return TrainVerb.Train(home, new TrainVerb.Wish(), output, stop).Generation;
    }

    private static async Task<Recommendation> AskAsync(string address, string user, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using HttpResponseMessage response = await client.PostAsJsonAsync(
            new Uri("/recommend", UriKind.Relative), new { user_id = user, top_k = 5 }, stop);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Recommendation>(Wire, stop))!;
    }

    private static void Show(IAnsiConsole console, Demo demo, string address, bool isOnce)
    {
        console.WriteLine($"Asked {address}/recommend for user {demo.UserId}:");
        RecommendationTable.Show(console, demo.Answer);
        if (!isOnce)
        {
            console.WriteLine();
            console.WriteLine("Ask it yourself (Ctrl+C stops it):");
            console.WriteLine($"  curl '{address}/recommend?user_id={demo.UserId}&top_k=5'");
            console.WriteLine(
                $"  curl {address}/recommend -H 'content-type: application/json' "
                + $"-d '{{\"user_id\":\"{demo.UserId}\",\"query\":\"running shoes\",\"topk\":5}}'");
        }
    }

    /// <summary>What the demo made, where it listens, and what it answered.</summary>
    internal sealed record Demo(
        string Home, string Generation, IReadOnlyList<string> Urls, string UserId, Recommendation Answer);
}
