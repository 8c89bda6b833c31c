using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Runs once through what happens when a model gives no answer in time.</summary>
/// <remarks>
/// A process's first exceptions, and code that is first run after a deadline, cost 10 to 20 ms; without a warm-up the
/// first late request would pay them. Once in a process is enough.
/// </remarks>
public static class WarmUp
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks a model that never answers; no model is called, and nothing of it is counted.</summary>
    /// <param name="prompts">The templates.</param>
    /// <param name="time">The clock; 50 ms go by on it.</param>
    /// <param name="stop">Ends the warm-up; it never throws.</param>
    public static Task RunAsync(PromptLibrary prompts, TimeProvider time, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(time);

        // Orders are streamed, single grades come in one piece.
        return Task.WhenAll(AskAsync("listwise", prompts, time, stop), AskAsync("pointwise", prompts, time, stop));
    }

    private static async Task AskAsync(string strategy, PromptLibrary prompts, TimeProvider time, CancellationToken stop)
    {
        // Breaker and spending would show in the metrics.
        using IChatClient chat = new CallChainOptions { Break = null }.Build(new SilentModel(), time);
        var reranker = new LlmReranker(
            new LlmRerankerOptions { Strategy = strategy }, new ModelConnection("warm-up", chat), prompts, time);
        var request = new RerankRequest
        {
            Candidates = [.. Enumerable.Range(1, 4).Select(item => new RerankCandidate($"{item}", $"Item {item}", 1f / item))],
            Top = 2,
        };
        long deadline = time.GetTimestamp() + (long)(Deadline.TotalSeconds * time.TimestampFrequency);
        JudgingResult judged = await reranker.JudgeAsync(request, new Budget { Deadline = Deadline }, deadline, stop);
        _ = judged.Blend(new Blend());
    }

    private sealed class SilentModel : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Silence(cancellationToken);
            return new ChatResponse();
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Silence(cancellationToken);
            yield break;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private static Task Silence(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);
    }
}
