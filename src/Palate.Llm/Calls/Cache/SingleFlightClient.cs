using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Lets calls that ask the same at the same time share one call.</summary>
/// <remarks>
/// The shared call belongs to nobody: it ends when its last waiter has left, not when its first has. It is sent with the
/// first one's deadline and budget; when it fails for want of those, the others ask by themselves. Calls that must not
/// read the cache do not join.
/// </remarks>
internal sealed class SingleFlightClient : DelegatingChatClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly string _defaultModel;

    public SingleFlightClient(IChatClient inner)
        : base(inner) => _defaultModel = RequestKey.ModelOf(null, inner);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        if (context.NoCache || RequestKey.Of(messages, options, _defaultModel, withTenant: true) is not { } key)
        {
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Flight flight = Join("r" + key, context.Deadline, out bool leads);
        try
        {
            if (leads)
            {
                _ = Fly(flight, messages, options);
            }
            else
            {
                LlmMetrics.SharedCall();
            }

            ChatResponse response = await flight.Reply.Task.WaitAsync(cancellationToken);
            return flight.IsShared ? Copy(response) : response;
        }
        catch (ModelCallException e) when (!leads && IsTheirs(e, flight, context))
        {
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken);
        }
        finally
        {
            Leave(flight);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CallContext context = CallContext.Of(options);
        if (context.NoCache || RequestKey.Of(messages, options, _defaultModel, withTenant: true) is not { } key)
        {
            await foreach (ChatResponseUpdate update in
                InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        cancellationToken.ThrowIfCancellationRequested();
        Flight flight = Join("s" + key, context.Deadline, out bool leads);
        bool alone = false;
        try
        {
            if (leads)
            {
                _ = FlyStream(flight, messages, options);
            }
            else
            {
                LlmMetrics.SharedCall();
            }

            for (int index = 0; ; index++)
            {
                ChatResponseUpdate? update;
                try
                {
                    update = await flight.Read(index, cancellationToken);
                }
                catch (ModelCallException e) when (!leads && index == 0 && IsTheirs(e, flight, context))
                {
                    alone = true;
                    break;
                }

                if (update is null)
                {
                    break;
                }

                yield return Copy(update);
            }
        }
        finally
        {
            Leave(flight);
        }

        if (alone)
        {
            await foreach (ChatResponseUpdate update in
                InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }
        }
    }

    // Whether a shared call failed for a reason that is the first one's alone.
    private static bool IsTheirs(ModelCallException e, Flight flight, CallContext context) => e.Kind switch
    {
        ModelCallFailure.Budget => true,
        ModelCallFailure.Timeout or ModelCallFailure.Overloaded =>
            flight.Deadline is { } theirs && !(context.Deadline <= theirs),
        _ => false,
    };

    // A reader may change its reply, and the others must not see it: when there are several, each has a copy.
    private static ChatResponse Copy(ChatResponse response) => new([.. response.Messages.Select(Copy)])
    {
        ResponseId = response.ResponseId,
        ConversationId = response.ConversationId,
        ModelId = response.ModelId,
        CreatedAt = response.CreatedAt,
        FinishReason = response.FinishReason,
        Usage = response.Usage,
        AdditionalProperties = response.AdditionalProperties?.Clone(),
        RawRepresentation = response.RawRepresentation,
    };

    // Others may come while a stream is read, so each piece is a copy.
    private static ChatResponseUpdate Copy(ChatResponseUpdate update)
    {
        ChatResponseUpdate copy = update.Clone();
        copy.Contents = [.. update.Contents];
        return copy;
    }

    private static ChatMessage Copy(ChatMessage message)
    {
        ChatMessage copy = message.Clone();
        copy.Contents = [.. message.Contents];
        return copy;
    }

    private async Task Fly(Flight flight, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, flight.Stop.Token);
            End(flight);
            flight.Reply.TrySetResult(response);
        }
        catch (Exception e)
        {
            // Whoever joins after this line starts anew; those who are there get the failure.
            End(flight);
            flight.Reply.TrySetException(e);
            _ = flight.Reply.Task.Exception;
        }
    }

    private async Task FlyStream(Flight flight, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        try
        {
            await foreach (ChatResponseUpdate update in
                InnerClient.GetStreamingResponseAsync(messages, options, flight.Stop.Token))
            {
                flight.Write(update);
            }

            End(flight);
            flight.Close(null);
        }
        catch (Exception e)
        {
            End(flight);
            flight.Close(e);
        }
    }

    private Flight Join(string key, long? deadline, out bool leads)
    {
        lock (_lock)
        {
            leads = !_flights.TryGetValue(key, out Flight? flight);
            if (flight is null)
            {
                flight = new Flight(key, deadline);
                _flights[key] = flight;
            }

            flight.Waiters++;
            flight.IsShared |= !leads;
            return flight;
        }
    }

    private void Leave(Flight flight)
    {
        bool cancel;
        lock (_lock)
        {
            cancel = --flight.Waiters == 0 && !flight.Ended;
            if (cancel)
            {
                Remove(flight);
            }
        }

        if (cancel)
        {
            flight.Stop.Cancel();
        }
    }

    private void End(Flight flight)
    {
        lock (_lock)
        {
            flight.Ended = true;
            Remove(flight);
        }
    }

    private void Remove(Flight flight)
    {
        if (_flights.TryGetValue(flight.Key, out Flight? current) && current == flight)
        {
            _flights.Remove(flight.Key);
        }
    }

    private sealed class Flight(string key, long? deadline)
    {
        private readonly List<ChatResponseUpdate> _updates = [];
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _closed;
        private Exception? _failure;

        public string Key { get; } = key;

        public long? Deadline { get; } = deadline;

        public int Waiters { get; set; }

        public bool Ended { get; set; }

        // Settled before the reply is there: nobody joins after that.
        public bool IsShared { get; set; }

        // Never disposed: it has no timer, and a waiter may cancel it at any time.
        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource<ChatResponse> Reply { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Write(ChatResponseUpdate update)
        {
            TaskCompletionSource told;
            lock (_updates)
            {
                _updates.Add(update);
                told = _news;
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            told.TrySetResult();
        }

        public void Close(Exception? failure)
        {
            lock (_updates)
            {
                _closed = true;
                _failure = failure;
            }

            _news.TrySetResult();
        }

        public async ValueTask<ChatResponseUpdate?> Read(int index, CancellationToken stop)
        {
            while (true)
            {
                Task news;
                lock (_updates)
                {
                    if (index < _updates.Count)
                    {
                        return _updates[index];
                    }

                    if (_closed)
                    {
                        break;
                    }

                    news = _news.Task;
                }

                await news.WaitAsync(stop);
            }

            if (_failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
            }

            return null;
        }
    }
}
