using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Writes down what the model says, or says it again without the model.</summary>
/// <remarks>A streamed reply is written down as far as its reader has read it.</remarks>
internal sealed class RecordingClient(IChatClient inner, Recording recording, RecordingMode mode, TimeProvider time)
    : DelegatingChatClient(inner)
{
    private readonly string _defaultModel = RequestKey.ModelOf(null, inner);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string? key = RequestKey.Of(messages, options, _defaultModel, withTenant: false);
        if (Replay(key) is { } reply)
        {
            return reply.ToResponse(cached: false);
        }

        long started = time.GetTimestamp();
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
            Write(key, StoredReply.From(response), null, started);
            return response;
        }
        catch (ModelCallException e) when (!e.NothingSent)
        {
            Write(key, null, e.Kind, started);
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? key = RequestKey.Of(messages, options, _defaultModel, withTenant: false);
        if (Replay(key) is { } reply)
        {
            foreach (ChatResponseUpdate update in reply.ToUpdates(cached: false))
            {
                yield return update;
            }

            yield break;
        }

        long started = time.GetTimestamp();
        List<ChatResponseUpdate> updates = [];
        ModelCallFailure? failure = null;
        try
        {
            await using IAsyncEnumerator<ChatResponseUpdate> stream = InnerClient
                .GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await stream.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (ModelCallException e)
                {
                    failure = e.Kind;
                    throw;
                }

                updates.Add(stream.Current);
                yield return stream.Current;
            }
        }
        finally
        {
            if (updates.Count > 0 || failure is { } kind && !new ModelCallException(kind, "").NothingSent)
            {
                Write(key, updates.Count > 0 ? StoredReply.From(CacheClient.Whole(updates)) : null, failure, started);
            }
        }
    }

    private StoredReply? Replay(string? key)
    {
        if (mode == RecordingMode.Record)
        {
            return null;
        }

        Recording.Recorded? recorded = key is null ? null : recording.Next(key);
        if (recorded is { Reply: { } reply, Failure: null })
        {
            return reply;
        }

        if (recorded?.Failure is { } failure)
        {
            throw new ModelCallException(failure, $"The recorded call failed: {failure}.");
        }

        return mode == RecordingMode.ReplayOrRecord
            ? null
            : throw new ModelCallException(
                ModelCallFailure.NotRecorded,
                $"The recording has no reply to the request {key ?? "(which cannot be compared)"}; record it anew with the "
                + "same prompts, options and model.");
    }

    private void Write(string? key, StoredReply? reply, ModelCallFailure? failure, long started)
    {
        if (key is not null && (reply is not null || failure is not null))
        {
            recording.Add(
                key, new Recording.Recorded(reply, failure, time.GetElapsedTime(started).TotalMilliseconds));
        }
    }
}
