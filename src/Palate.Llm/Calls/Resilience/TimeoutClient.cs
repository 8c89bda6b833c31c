using System.ClientModel;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Ends a call when its time or the request's is over, and gives every failure its type.</summary>
/// <remarks>
/// It goes around the provider itself. A provider that does not listen to its cancellation is left behind: the caller
/// gets its answer in time, and the provider's is dropped when it comes. Messages of foreign exceptions can hold keys
/// and prompts, so only their type and status are passed on.
/// </remarks>
internal sealed class TimeoutClient(IChatClient inner, TimeoutOptions options, TimeProvider time)
    : DelegatingChatClient(inner)
{
    private readonly TimeoutOptions _options = TimeoutOptions.Checked(options);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        TimeSpan limit = LimitOf(options);
        using var timer = new CancellationTokenSource(limit, time);
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken)
            : null;
        CancellationToken stop = both?.Token ?? timer.Token;
        try
        {
            Task<ChatResponse> call = InnerClient.GetResponseAsync(messages, options, stop);
            if (call.IsCompleted)
            {
                return await call;
            }

            try
            {
                return await call.WaitAsync(stop);
            }
            finally
            {
                Forget(call);
            }
        }
        catch (Exception e) when (Translate(e, limit, timer.Token, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TimeSpan limit = LimitOf(options);
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        IAsyncEnumerator<ChatResponseUpdate>? updates = null;
        Task<bool>? moving = null;
        try
        {
            while (true)
            {
                try
                {
                    updates ??= InnerClient.GetStreamingResponseAsync(messages, options, both.Token)
                        .GetAsyncEnumerator(both.Token);
                    ValueTask<bool> move = updates.MoveNextAsync();
                    bool more;
                    if (move.IsCompleted)
                    {
                        more = await move;
                    }
                    else
                    {
                        moving = move.AsTask();
                        more = await moving.WaitAsync(both.Token);
                        moving = null;
                    }

                    if (!more)
                    {
                        break;
                    }
                }
                catch (Exception e) when (Translate(e, limit, timer.Token, cancellationToken) is { } failure)
                {
                    throw failure;
                }

                yield return updates.Current;
            }
        }
        finally
        {
            if (updates is not null)
            {
                // A stream that is still moving cannot be disposed; it is when it comes to an end.
                if (moving is null)
                {
                    await DisposeQuietly(updates);
                }
                else
                {
                    _ = DisposeAfter(moving, updates);
                }
            }
        }
    }

    private static async Task DisposeAfter(Task<bool> moving, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeQuietly(updates);
    }

    private static async Task DisposeQuietly(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException
            or HttpRequestException)
        {
            // The reply is read; that its connection closes badly changes nothing.
        }
    }

    private static void Forget(Task call)
    {
        if (!call.IsCompleted)
        {
            _ = call.ContinueWith(
                static late => _ = late.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private TimeSpan LimitOf(ChatOptions? options)
    {
        if (CallContext.Of(options).Deadline is not { } deadline)
        {
            return _options.PerCall;
        }

        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        left -= Margin.Of(left, _options.Margin);
        return left <= TimeSpan.Zero
            ? throw new ModelCallException(
                ModelCallFailure.Overloaded, "The request's time is over; the call was not sent.")
            : left < _options.PerCall ? left : _options.PerCall;
    }

    private static ModelCallException? Translate(
        Exception e, TimeSpan limit, CancellationToken timer, CancellationToken caller)
    {
        if (e is ModelCallException)
        {
            return null;
        }

        if (e is OperationCanceledException or TimeoutException)
        {
            return caller.IsCancellationRequested ? null : new ModelCallException(
                ModelCallFailure.Timeout,
                timer.IsCancellationRequested
                    ? FormattableString.Invariant(
                        $"The model gave no reply within {limit.TotalMilliseconds:0.###} ms; give it more time, or ask less.")
                    : "The connection to the model timed out; see whether it is overloaded.")
            {
                IsCut = timer.IsCancellationRequested,
            };
        }

        int? status = e switch
        {
            HttpRequestException http => (int?)http.StatusCode,
            ClientResultException client => client.Status is 0 ? null : client.Status,
            _ => null,
        };
        ModelCallFailure kind = status switch
        {
            null => e is System.Text.Json.JsonException or FormatException or InvalidDataException
                ? ModelCallFailure.Malformed
                : e is ArgumentException or NotSupportedException ? ModelCallFailure.Invalid : ModelCallFailure.Network,
            (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => ModelCallFailure.Rejected,
            (int)HttpStatusCode.TooManyRequests => ModelCallFailure.RateLimited,
            (int)HttpStatusCode.RequestTimeout => ModelCallFailure.Timeout,
            < 500 => ModelCallFailure.Invalid,
            _ => ModelCallFailure.Server,
        };
        return new ModelCallException(
            kind,
            FormattableString.Invariant(
                $"The call to the model failed: {kind}, {e.GetType().Name}{(status is { } code ? $", status {code}" : "")}."))
        {
            Usage = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError,
            }
                ? new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0 }
                : null,
        };
    }
}
