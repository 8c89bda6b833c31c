using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Palate.Llm;
using Palate.Simulation;

namespace Palate.Benchmarks;

/// <summary>Answers while the model is down in every way, over HTTP and against the real clock.</summary>
internal static class DownBenchmark
{
    private static readonly string[] Faults =
        ["none", "hang", "refused", "drip;ms=1000", "500", "429;retry-after=1", "garbage", "cut", "close", "empty"];

    /// <summary>Runs <c>down [--requests N] [--deadline-ms N] [--strategy NAME] [--fault NAME]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int requests = Arguments.Number(args, "--requests", 100);
        int deadline = Arguments.Number(args, "--deadline-ms", 100);
        string strategy = Arguments.Text(args, "--strategy") ?? "pointwise-batched";
        string[] faults = Arguments.Text(args, "--fault") is { } one ? [one] : Faults;
        var demo = new DemoJudging(queries: 50);
        Console.WriteLine($"{strategy}, {requests} requests for each fault, deadline {deadline} ms");
        Console.WriteLine(
            $"{"fault",-18} {"full",5} {"part",5} {"base",5} {"threw",6} {"over +10",9} {"p50 ms",7} {"max ms",7} {"calls",6} {"breaker",-8} {"then",-16}");
        int bad = 0;
        await Rehearsal.RunAsync(PromptLibrary.Load(null), TimeProvider.System);
        foreach (string fault in faults)
        {
            bad += await MeasureAsync(demo, fault, strategy, requests, deadline);
        }

        return bad == 0 ? 0 : 1;
    }

    private static async Task<int> MeasureAsync(DemoJudging demo, string fault, string strategy, int requests, int deadline)
    {
        await using WebApplication app = SimulationService.Build(new SimulationOptions { Urls = ["http://127.0.0.1:0"] });
        await app.StartAsync();
        TimeProvider time = TimeProvider.System;
        using var refusing = new TcpListener(IPAddress.Loopback, 0);
        refusing.Start();
        int closed = ((IPEndPoint)refusing.LocalEndpoint).Port;
        refusing.Stop();
        bool isRefused = fault == "refused";
        Uri address = isRefused ? new Uri($"http://127.0.0.1:{closed}") : new Uri(app.Urls.Single());
        using var client = new OpenAICompatibleChatClient(
            new ProviderOptions { Name = "down", Kind = ProviderKind.Vllm, Endpoint = address, Model = "simulated" }, time);
        using IChatClient chat = new CallChainOptions
        {
            Breaker = new BreakerOptions { Break = TimeSpan.FromMilliseconds(500), LongestBreak = TimeSpan.FromSeconds(1) },
        }.Build(client, time);
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = strategy, Candidates = 20 },
            new ModelConnection("down", chat),
            PromptLibrary.Load(null),
            time);
        SimulatedFaults faults = app.Services.GetRequiredService<SimulatedFaults>();
        for (int warm = 0; warm < (isRefused ? 1 : 40); warm++)
        {
            await AskAsync(reranker, demo, warm, 2_000, time);
        }

        faults.Order(SimulatedFault.Parse(fault is "none" or "refused" ? "" : fault), long.MaxValue);
        var modes = new Dictionary<string, int> { ["full"] = 0, ["partial"] = 0, ["base"] = 0 };
        double[] took = new double[requests];
        int threw = 0;
        int calls = 0;
        bool wasOpen = false;
        Breaker breaker = chat.GetService<Breaker>()!;
        for (int request = 0; request < requests; request++)
        {
            long begun = time.GetTimestamp();
            try
            {
                Judged judged = await AskAsync(reranker, demo, request, deadline, time);
                modes[judged.Mode.Name]++;
                calls += judged.Report.Calls;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                threw++;
            }

            took[request] = time.GetElapsedTime(begun).TotalMilliseconds;
            wasOpen |= breaker.State != BreakerState.Closed;
        }

        // Well again: the next probe closes the breaker.
        faults.Order(SimulatedFault.None, 0);
        string after = "-";
        if (!isRefused)
        {
            await Task.Delay(1_100);
            Judged probe = await AskAsync(reranker, demo, 0, 2_000, time);
            Judged well = await AskAsync(reranker, demo, 1, 2_000, time);
            after = $"{probe.Mode}, {well.Mode}, {breaker.State}";
        }

        int over = took.Count(one => one > deadline + 10);
        Array.Sort(took);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fault,-18} {modes["full"],5} {modes["partial"],5} {modes["base"],5} {threw,6} {over,9} {took[requests / 2],7:0.0} {took[^1],7:0.0} {calls,6} {(wasOpen ? "opened" : "closed"),-8} {after,-16}"));
        return threw + over;
    }

    private static Task<Judged> AskAsync(
        LlmReranker reranker, DemoJudging demo, int query, int deadline, TimeProvider time)
    {
        var budget = new Budget { Deadline = TimeSpan.FromMilliseconds(deadline), Tokens = 100_000, MicroDollars = 100_000 };
        RerankRequest request = demo.Request(query % demo.Queries, 20).Request;
        return reranker.JudgeAsync(
            request, budget, time.GetTimestamp() + (deadline * time.TimestampFrequency / 1000), CancellationToken.None);
    }
}
