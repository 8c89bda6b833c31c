using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Palate.Simulation.Tests;

/// <summary>The whole way over HTTP while the model is down; the clock of everything but the network is moved by hand.</summary>
public sealed class ModelDownTests : IAsyncLifetime
{
    private const int Enough = 15;

    private readonly ManualTime _time = new();
    private WebApplication _app = null!;
    private IChatClient _chat = null!;
    private LlmReranker _reranker = null!;
    private bool _isSilent;

    private Breaker Breaker => _chat.GetService<Breaker>()!;

    public async ValueTask InitializeAsync()
    {
        _app = SimulationService.Build(new SimulationOptions { Urls = ["http://127.0.0.1:0"], Time = _time });
        await _app.StartAsync();
        Connect(new Uri(_app.Urls.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        _chat.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("500")]
    [InlineData("garbage")]
    [InlineData("cut")]
    [InlineData("close")]
    [InlineData("empty")]
    [InlineData("hang")]
    [InlineData("drip;ms=60000")]
    public async Task Every_answer_arrives_and_the_breaker_opens_probes_and_closes(string fault)
    {
        Order(fault, long.MaxValue);

        // A call that the deadline overtakes before it is sent says nothing of the model, so some requests may not count.
        for (int request = 0; request < Enough || (request < 20 * Enough && Breaker.State != BreakerState.Open); request++)
        {
            JudgingResult judged = await JudgeAsync();
            Assert.Contains(judged.Mode.Name, (string[])["base", "partial"]);
            Assert.Equal(judged.HasJudgments, judged.Mode.Name == "partial");
            Assert.Equal(6, judged.Evidence.Order().Count);
        }

        await BecomesAsync(BreakerState.Open);
        JudgingResult refused = await JudgeAsync();
        Assert.Equal(("base", StopReason.Unavailable), (refused.Mode.Name, refused.Report.Stop));

        // A probe that fails opens it again, one that does well closes it.
        _time.Advance(TimeSpan.FromMinutes(1));
        await JudgeAsync();
        await BecomesAsync(BreakerState.Open);
        Order("", 0);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("full", (await JudgeAsync()).Mode.Name);
        await BecomesAsync(BreakerState.Closed);
    }

    [Fact]
    public async Task A_refused_connection_gives_the_base_order_and_opens_the_breaker()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Connect(new Uri($"http://127.0.0.1:{port}"));
        for (int request = 0; request < Enough; request++)
        {
            JudgingResult judged = await JudgeAsync();
            Assert.Equal("base", judged.Mode.Name);
            Assert.Equal(judged.Evidence.BaseOrder, judged.Evidence.Order());
        }

        Assert.Equal(BreakerState.Open, Breaker.State);
    }

    [Fact]
    public async Task A_model_that_limits_the_rate_is_left_alone_for_as_long_as_it_says()
    {
        Order("429;retry-after=30", long.MaxValue);
        for (int request = 0; request < Enough; request++)
        {
            Assert.Equal("base", (await JudgeAsync()).Mode.Name);
        }

        Order("", 0);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("full", (await JudgeAsync()).Mode.Name);
    }

    [Fact]
    public async Task What_was_answered_before_the_model_went_down_counts()
    {
        await using WebApplication failing = SimulationService.Build(
            new SimulationOptions { Urls = ["http://127.0.0.1:0"], Time = _time, Fault = "500" });
        await failing.StartAsync();
        failing.Services.GetRequiredService<SimulatedFaults>().Order(SimulatedFault.None, 1);
        Connect(new Uri(failing.Urls.Single()));
        JudgingResult judged = await Reranker("pointwise", concurrency: 1).JudgeAsync(
            Request(), new Budget(), _time.In(30_000), CancellationToken.None);

        Assert.Equal("partial", judged.Mode.Name);
        Assert.Equal(1, judged.Report.Answered);
        Assert.NotNull(judged.Report.LastFailure);
    }

    // An answer does not wait for the call that it has given up, which ends a moment later on another thread.
    private async Task BecomesAsync(BreakerState state)
    {
        for (int turn = 0; turn < 100_000 && Breaker.State != state; turn++)
        {
            await Task.Yield();
        }

        Assert.Equal(state, Breaker.State);
    }

    private void Connect(Uri address)
    {
        var client = new OpenAICompatibleChatClient(
            new ProviderOptions { Name = "down", Kind = ProviderKind.Vllm, Endpoint = address, Model = "simulated" }, _time);
        _chat = new CallChainOptions { Retry = null }.Build(client, _time);
        _reranker = Reranker("listwise", 16);
    }

    private LlmReranker Reranker(string strategy, int concurrency) => new(
        new LlmRerankerOptions
        {
            Strategy = strategy,
            Run = new RunnerOptions { SettledAt = 1, Concurrency = concurrency },
        },
        new ModelConnection("down", _chat),
        PromptLibrary.Load(),
        _time);

    private void Order(string fault, long calls)
    {
        _isSilent = fault.StartsWith("hang", StringComparison.Ordinal) || fault.StartsWith("drip", StringComparison.Ordinal);
        _app.Services.GetRequiredService<SimulatedFaults>().Order(SimulatedFault.Parse(fault), calls);
    }

    private async Task<JudgingResult> JudgeAsync()
    {
        Task<JudgingResult> running = _reranker.JudgeAsync(Request(), new Budget(), _time.In(1_000), CancellationToken.None);

        // The calls' timers are set by now, and nothing else is going to end them.
        while (_isSilent && !running.IsCompleted)
        {
            _time.Advance(100);
            await Task.Yield();
        }

        return await running;
    }

    private static RerankRequest Request() => new()
    {
        Query = "wireless mouse",
        Candidates =
        [
            .. Enumerable.Range(0, 6).Select(item => new RerankCandidate(
                $"i{item}", item == 4 ? "A wireless mouse" : $"Something else number {item}", 6 - item)),
        ],
        Top = 3,
    };
}
