using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class RunnerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Every_answered_question_is_in_the_evidence()
    {
        (Evidence evidence, RunReport report) = await Run(new PointwiseStrategy(), 4, Grade(0.2, 0.9, 0.4, 0.6));

        Assert.Equal(StopReason.Done, report.Stop);
        Assert.Equal(4, report.Answered);
        Assert.Equal(4, report.Calls);
        Assert.Equal(1, evidence.Order()[0]);
    }

    [Fact]
    public async Task A_model_that_hangs_is_left_at_the_deadline_with_nothing_lost()
    {
        Task<(Evidence Evidence, RunReport Report)> running =
            Run(new PointwiseStrategy(), 4, (_, stop) => Task.Delay(Timeout.Infinite, stop).ContinueWith(
                _ => "", stop, TaskContinuationOptions.None, TaskScheduler.Default));
        _time.Advance(Deadline);
        (Evidence evidence, RunReport report) = await running;

        Assert.Equal(StopReason.Deadline, report.Stop);
        Assert.Equal(0, report.Answered);
        Assert.Equal(evidence.BaseOrder, evidence.Order());
    }

    [Theory]
    [InlineData(100, 3)]
    [InlineData(30, 3)]
    [InlineData(10, 1)]
    [InlineData(5, 0.5)]
    public async Task A_margin_is_kept_of_the_deadline_and_never_more_than_a_tenth(int milliseconds, double kept)
    {
        TimeSpan? told = null;
        Task<(Evidence Evidence, RunReport Report)> running = Run(
            new PointwiseStrategy(),
            2,
            (_, stop) => Never(stop),
            deadline: TimeSpan.FromMilliseconds(milliseconds),
            seen: context => told = _time.GetElapsedTime(_time.GetTimestamp(), context.Deadline!.Value));

        Assert.Equal(milliseconds - kept, told!.Value.TotalMilliseconds, 3);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - kept - .1));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(.1));
        (Evidence evidence, RunReport report) = await running;

        Assert.Equal(StopReason.Deadline, report.Stop);
        Assert.Equal(evidence.BaseOrder, evidence.Order());
        Assert.Equal("base", new JudgingResult(evidence, report, new RerankUsage(), new PointwiseStrategy().Finish(evidence)).Mode.Name);
    }

    [Fact]
    public async Task What_has_arrived_by_the_deadline_counts()
    {
        int asked = 0;
        Task<(Evidence Evidence, RunReport Report)> running = Run(new PointwiseStrategy(), 4, (prompt, stop) =>
            Interlocked.Increment(ref asked) <= 2
                ? Task.FromResult(Reply(prompt, 0.9))
                : Never(stop));
        _time.Advance(Deadline);
        (Evidence evidence, RunReport report) = await running;

        Assert.Equal(StopReason.Deadline, report.Stop);
        Assert.Equal(2, report.Answered);
        Assert.Equal(2, evidence.Judgments.Count);
        Assert.Equal([0, 1, 2, 3], evidence.Order().Order());
    }

    [Fact]
    public async Task The_first_part_of_a_streamed_reply_counts_when_time_runs_out()
    {
        Task<(Evidence Evidence, RunReport Report)> running = Run(
            new BatchedPointwiseStrategy(4), 4, null, stop => Cut(stop), TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        (Evidence evidence, RunReport report) = await running;

        Assert.Equal(StopReason.Deadline, report.Stop);
        Judgment judgment = Assert.Single(evidence.Judgments);
        Assert.Equal([0.9, 0.2], judgment.Grades.Take(2));
        Assert.True(double.IsNaN(judgment.Grades[3]));

        static async IAsyncEnumerable<string> Cut([EnumeratorCancellation] CancellationToken stop)
        {
            yield return "{\"grades\":[{\"id\":\"A1\",\"grade\":90},{\"id\":\"A2\",\"grade\":20},{\"id\":\"A3\"";
            await Never(stop);
        }
    }

    [Fact]
    public async Task A_warm_up_ends_by_itself_and_by_its_token()
    {
        Task warmUp = WarmUp.RunAsync(PromptLibrary.Load(), _time);
        Assert.False(warmUp.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await warmUp;

        using var stop = new CancellationTokenSource();
        Task cut = WarmUp.RunAsync(PromptLibrary.Load(), _time, stop.Token);
        await stop.CancelAsync();
        await cut;
    }

    [Fact]
    public async Task A_reply_without_form_is_asked_for_once_more()
    {
        int asked = 0;
        (Evidence evidence, RunReport report) = await Run(new PointwiseStrategy(), 1, (prompt, _) => Task.FromResult(
            Interlocked.Increment(ref asked) == 1 ? "I would rather not put a number on it" : Reply(prompt, 0.7)));

        Assert.Equal(2, report.Calls);
        Assert.Equal(1, report.Answered);
        Assert.Single(evidence.Judgments);
    }

    [Fact]
    public async Task A_reply_that_never_has_form_ends_the_question_after_two_tries()
    {
        (Evidence evidence, RunReport report) = await Run(new PointwiseStrategy(), 3, (_, _) => Task.FromResult("?!"));

        Assert.Equal(6, report.Calls);
        Assert.Equal(0, report.Answered);
        Assert.Equal(StopReason.Done, report.Stop);
        Assert.Equal(evidence.BaseOrder, evidence.Order());
    }

    [Fact]
    public async Task Whatever_a_client_throws_is_a_failed_call()
    {
        (_, RunReport report) = await Run(
            new PointwiseStrategy(), 3, (_, _) => throw new InvalidOperationException("out of order"));

        Assert.Equal(0, report.Answered);
        Assert.Equal(3, report.Failures[ModelCallFailure.Network]);
        Assert.Equal(ModelCallFailure.Network, report.LastFailure);
    }

    [Fact]
    public async Task With_no_time_nothing_is_asked()
    {
        bool isAsked = false;
        (_, RunReport report) = await Run(
            new PointwiseStrategy(),
            3,
            (prompt, _) =>
            {
                isAsked = true;
                return Task.FromResult(Reply(prompt, 1));
            },
            deadline: TimeSpan.Zero);

        Assert.False(isAsked);
        Assert.Equal(StopReason.Deadline, report.Stop);
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_the_tokens_is_not_sent()
    {
        (_, RunReport report) = await Run(new PointwiseStrategy(), 3, Grade(1, 1, 1), tokens: 10);

        Assert.Equal(0, report.Calls);
        Assert.Equal(StopReason.Tokens, report.Stop);
    }

    [Fact]
    public async Task The_deadline_shrinks_what_is_asked_to_what_can_return_in_time()
    {
        var latency = new LatencyModel();
        for (int call = 0; call < 200; call++)
        {
            // A millisecond for each token of the prompt.
            latency.Observe(100 + call, 0, 10, TimeSpan.FromMilliseconds(100 + call));
        }

        (_, RunReport report) = await Run(
            new BatchedPointwiseStrategy(40),
            40,
            (prompt, _) => Task.FromResult(Reply(prompt, 0.5)),
            deadline: TimeSpan.FromMilliseconds(300),
            latency: latency);

        Assert.Equal(StopReason.PredictedLate, report.Stop);
        Assert.Equal(1, report.Calls);
        Assert.True(report.PromptTokens < 300);
    }

    private async Task<(Evidence Evidence, RunReport Report)> Run(
        Strategy strategy,
        int candidates,
        Func<string, CancellationToken, Task<string>>? reply,
        Func<CancellationToken, IAsyncEnumerable<string>>? stream = null,
        TimeSpan? deadline = null,
        int tokens = 100_000,
        LatencyModel? latency = null,
        Action<CallContext>? seen = null)
    {
        var request = new RerankRequest
        {
            Query = "something",
            Candidates =
            [
                .. Enumerable.Range(0, candidates).Select(number =>
                    new RerankCandidate(FormattableString.Invariant($"i{number}"), FormattableString.Invariant($"Item {number}"), -number)),
            ],
        };
        float[] scores = [.. request.Candidates.Select(candidate => candidate.BaseScore)];
        var evidence = new Evidence(scores, Math.Min(10, candidates));
        var connection = new ModelConnection(
            "scripted", new Scripted(reply, stream, seen))
        { Latency = latency ?? new LatencyModel() };
        var runner = new Runner(
            connection,
            new PromptRenderer(PromptLibrary.Load().Get("zero-shot")),
            new RunnerOptions { SettledAt = 1 },
            _time);
        long end = _time.GetTimestamp() + (deadline ?? Deadline).Ticks;
        RunReport report = await runner.RunAsync(
            strategy,
            evidence,
            request,
            new RequestBudget(tokens, Money.FromMicroDollars(1_000_000)),
            end,
            CancellationToken.None);
        return (evidence, report);
    }

    private static Func<string, CancellationToken, Task<string>> Grade(params double[] grades) => (prompt, _) =>
        Task.FromResult(Reply(prompt, grades[int.Parse(
            prompt[(prompt.IndexOf("Item ", StringComparison.Ordinal) + 5)..].Split([' ', '\n', '|', '<'])[0],
            System.Globalization.CultureInfo.InvariantCulture)]));

    private static string Reply(string prompt, double grade)
    {
        IEnumerable<string> aliases = System.Text.RegularExpressions.Regex.Matches(prompt, @"^\[(A\d+)\]",
            System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct();
        return "{\"grades\":[" + string.Join(',', aliases.Select(alias =>
            FormattableString.Invariant($"{{\"id\":\"{alias}\",\"grade\":{grade * 100}}}"))) + "]}";
    }

    private static async Task<string> Never(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return "";
    }

    private sealed class Scripted(
        Func<string, CancellationToken, Task<string>>? reply,
        Func<CancellationToken, IAsyncEnumerable<string>>? stream,
        Action<CallContext>? seen)
        : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
        {
            seen?.Invoke(CallContext.Of(options));
            return new(new ChatMessage(ChatRole.Assistant, await reply!(Text(messages), cancellationToken)));
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options,
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (stream is null)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, await reply!(Text(messages), cancellationToken));
                yield break;
            }

            await foreach (string piece in stream(cancellationToken))
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private static string Text(IEnumerable<ChatMessage> messages) => messages.Last().Text;
    }
}
