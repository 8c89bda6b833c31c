using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Tries a failed call again, if the deadline leaves room for the wait and the call.</summary>
/// <remarks>
/// A streamed reply is tried again only as long as nothing of it was passed on. Polly's retry knows neither of these
/// two rules.
/// </remarks>
internal sealed class RetryClient : DelegatingChatClient
{
    internal static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // An attempt with less than this left until the deadline would not be back in time.
    private static readonly TimeSpan ShortestCall = TimeSpan.FromMilliseconds(20);

    private readonly RetryOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    // Spreads the calls that failed together; the same in each process, so that runs can be repeated.
    private readonly Random _random = new(1);

    public RetryClient(IChatClient inner, RetryOptions options, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time;
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        for (int attempt = 0; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await InnerClient.GetResponseAsync(messages, OptionsOf(options, attempt), cancellationToken);
            }
            catch (ModelCallException e) when (WaitBefore(e, options, attempt + 1) is { } delay)
            {
                wait = delay;
                LlmMetrics.Retry(e.Kind);
            }

            await Wait(wait, cancellationToken);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool any = false;
        for (int attempt = 0; ; attempt++)
        {
            TimeSpan? wait = null;
            await using (IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient
                .GetStreamingResponseAsync(messages, OptionsOf(options, attempt), cancellationToken)
                .GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await updates.MoveNextAsync())
                        {
                            yield break;
                        }
                    }
                    catch (ModelCallException e) when (!any && WaitBefore(e, options, attempt + 1) is { } delay)
                    {
                        wait = delay;
                        LlmMetrics.Retry(e.Kind);
                        break;
                    }

                    any = true;
                    yield return updates.Current;
                }
            }

            await Wait(wait.Value, cancellationToken);
        }
    }

    private static ChatOptions? OptionsOf(ChatOptions? options, int attempt) =>
        attempt == 0 ? options : (CallContext.Of(options) with { Attempt = attempt }).With(options);

    private Task Wait(TimeSpan wait, CancellationToken stop) =>
        wait > TimeSpan.Zero ? Task.Delay(wait, _time, stop) : Task.CompletedTask;

    // Null when the call is not to be tried again.
    private TimeSpan? WaitBefore(ModelCallException e, ChatOptions? options, int attempt)
    {
        bool may = e.Kind is ModelCallFailure.RateLimited or ModelCallFailure.Server or ModelCallFailure.Network;
        if (!may || attempt >= _options.Attempts)
        {
            return null;
        }

        double part;
        lock (_lock)
        {
            part = 1 - (_random.NextDouble() / 2);
        }

        double own = Math.Min(
            _options.FirstDelay.Ticks * Math.Pow(2, attempt - 1), LongestDelay.Ticks) * part;
        var wait = TimeSpan.FromTicks((long)own);
        if (e.RetryAfter is { } wish && wish > wait)
        {
            wait = wish;
        }

        return CallContext.Of(options).Deadline is not { } deadline
            || _time.GetElapsedTime(_time.GetTimestamp(), deadline) >= wait + ShortestCall
                ? wait
                : null;
    }
}
