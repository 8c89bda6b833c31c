using Microsoft.Extensions.AI;
using Palate.Simulation;

namespace Palate.Llm.Tests;

public sealed class PartialHitsTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _prompts = [];

    [Fact]
    public async Task A_request_with_45_of_60_items_known_asks_for_15()
    {
        LlmReranker reranker = Reranker();
        Judged first = await JudgeAsync(reranker, [.. Enumerable.Range(0, 45)]);
        Assert.Equal((0, 5), (first.Report.KnownGrades, first.Report.Calls));

        _prompts.Clear();
        int[] mixed = [.. Enumerable.Range(0, 60).OrderBy(item => item * 37 % 60)];
        Judged second = await JudgeAsync(reranker, mixed);

        Assert.Equal(45, second.Report.KnownGrades);
        Assert.Equal(2, second.Report.Calls);
        Assert.Equal("full", second.Mode.Name);
        Assert.Equal(60, second.Usage.Judged);
        string sent = string.Join('\n', _prompts);
        Assert.Equal(Enumerable.Range(45, 15), Enumerable.Range(0, 60).Where(item => sent.Contains(Title(item) + " ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_that_was_answered_before_asks_for_nothing()
    {
        LlmReranker reranker = Reranker();
        Judged first = await JudgeAsync(reranker, [.. Enumerable.Range(0, 20)]);
        Judged second = await JudgeAsync(reranker, [.. Enumerable.Range(0, 20)]);
        Assert.Equal((20, 0), (second.Report.KnownGrades, second.Report.Calls));
        Assert.Equal("full", second.Mode.Name);
        Assert.Equal(first.Evidence.Order(), second.Evidence.Order());
    }

    private static string Title(int item) => $"Item{(char)('a' + (item / 10))}{(char)('a' + (item % 10))}";

    private LlmReranker Reranker()
    {
        var options = new CacheOptions();
        return new LlmReranker(
            new LlmRerankerOptions { Strategy = "pointwise-batched", Run = new RunnerOptions { SettledAt = 1 } },
            new ModelConnection("simulated", new CallChainOptions().Build(new Seen(_prompts, _time), _time))
            {
                Grades = new GradeCache(options, _time),
            },
            PromptLibrary.Load(),
            _time);
    }

    private Task<Judged> JudgeAsync(LlmReranker reranker, int[] items) => reranker.JudgeAsync(
        new RerankRequest
        {
            Query = "a good item",
            Candidates = [.. items.Select((item, place) => new RerankCandidate($"i{item}", Title(item) + " of ours", 60 - place))],
        },
        new Budget(),
        _time.In(60_000),
        CancellationToken.None);

    private sealed class Seen(List<string> prompts, TimeProvider time)
        : DelegatingChatClient(new SimulatedModel(time: time))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            prompts.Add(messages.Last().Text);
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            prompts.Add(messages.Last().Text);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
