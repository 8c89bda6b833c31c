using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Sends a second call when the first is slow, and takes the reply that comes first.</summary>
/// <remarks>
/// The loser is cancelled, and not waited for. The second call is never sent when its reply could not come before the
/// deadline even at once, and fails silently when there is no money for it.
/// </remarks>
internal sealed class HedgeClient : DelegatingChatClient
{
    /// <summary>Hedges that may be saved up in quiet times.</summary>
    private const double MostSaved = 10;

    /// <summary>So that a slow model is not asked twice as much.</summary>
    private const double MostShare = 0.1;

    private readonly TimeSpan _after;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double _saved = 1;

    public HedgeClient(IChatClient inner, TimeSpan after, TimeProvider time)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(after, TimeSpan.Zero);
        _after = after;
        _time = time;
    }

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Save();
        return Race(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Save();
        var first = new Runner(InnerClient, messages, options, cancellationToken);
        Runner? second = null;
        Runner? winner = null;
        try
        {
            CallContext context = CallContext.Of(options);
            if (!first.Begun.IsCompleted && await IsSlow(first.Begun, context, cancellationToken) && TakeSaved(context))
            {
                second = new Runner(InnerClient, messages, Hedged(context, options), cancellationToken);
            }

            winner = second is null
                ? first
                : await Faster(first.Begun, second.Begun, cancellationToken) ? first : second;
            bool more = await winner.Begun;
            while (more)
            {
                yield return winner.Current;
                more = await winner.MoveNext();
            }
        }
        finally
        {
            if (winner is not null)
            {
                await winner.DisposeAsync();
            }

            foreach (Runner? loser in (Runner?[])[first, second])
            {
                if (loser is not null && loser != winner)
                {
                    loser.Abandon();
                }
            }
        }
    }

    // The first of two that gives a reply; when both fail, the first call's failure counts. True for the first.
    private static async Task<bool> Faster(Task first, Task second, CancellationToken stop)
    {
        Task done = await Task.WhenAny(first, second).WaitAsync(stop);
        if (done.IsCompletedSuccessfully)
        {
            return done == first;
        }

        Task other = done == first ? second : first;
        await other.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return other.IsCompletedSuccessfully ? other == first : true;
    }

    private static ChatOptions Hedged(CallContext context, ChatOptions? options) =>
        (context with { IsHedge = true }).With(options);

    private static async Task Forget(Task task, CancellationTokenSource stop)
    {
        using (stop)
        {
            await stop.CancelAsync();
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ChatResponse> Race(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken stop)
    {
        var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<ChatResponse> first = InnerClient.GetResponseAsync(messages, options, stopFirst.Token);
        if (first.IsCompleted)
        {
            stopFirst.Dispose();
            return await first;
        }

        CancellationTokenSource? stopSecond = null;
        Task<ChatResponse>? second = null;
        try
        {
            CallContext context = CallContext.Of(options);
            if (!await IsSlow(first, context, stop) || !TakeSaved(context))
            {
                return await first;
            }

            stopSecond = CancellationTokenSource.CreateLinkedTokenSource(stop);
            second = InnerClient.GetResponseAsync(messages, Hedged(context, options), stopSecond.Token);
            return await Faster(first, second, stop) ? await first : await second;
        }
        finally
        {
            _ = Forget(first, stopFirst);
            if (second is not null && stopSecond is not null)
            {
                _ = Forget(second, stopSecond);
            }
        }
    }

    private async Task<bool> IsSlow(Task call, CallContext context, CancellationToken stop)
    {
        if (context.Deadline is { } deadline
            && _time.GetElapsedTime(_time.GetTimestamp(), deadline) <= _after)
        {
            return false;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task delay = Task.Delay(_after, _time, ended.Token);
        Task done = await Task.WhenAny(call, delay);
        await ended.CancelAsync();
        return done == delay && !stop.IsCancellationRequested;
    }

    private void Save()
    {
        lock (_lock)
        {
            _saved = Math.Min(MostSaved, _saved + MostShare);
        }
    }

    private bool TakeSaved(CallContext context)
    {
        if (context.Deadline is { } deadline && _time.GetTimestamp() >= deadline)
        {
            return false;
        }

        lock (_lock)
        {
            if (_saved < 1)
            {
                return false;
            }

            _saved--;
        }

        LlmMetrics.Hedge();
        return true;
    }

    private sealed class Runner : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;

        public Runner(
            IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken stop)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _updates = client.GetStreamingResponseAsync(messages, options, _stop.Token).GetAsyncEnumerator(_stop.Token);
            Begun = _updates.MoveNextAsync().AsTask();
        }

        public Task<bool> Begun { get; }

        public ChatResponseUpdate Current => _updates.Current;

        public ValueTask<bool> MoveNext() => _updates.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await ((Task)Begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _updates.DisposeAsync();
            _stop.Dispose();
        }

        // Cancelled streams end at once or are left behind by the timeout; either way nobody waits for them here.
        public void Abandon() => _ = DisposeAsync().AsTask().ContinueWith(
            static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }
}
